-- Rename table b to a
ALTER TABLE b RENAME TO a;

-- Rename table c to b
ALTER TABLE c RENAME TO b;

-- Rename column a.y to x
ALTER TABLE a RENAME COLUMN y TO x;

-- Rename column a.z to y
ALTER TABLE a RENAME COLUMN z TO y;

-- Rename column a.w to z
ALTER TABLE a RENAME COLUMN w TO z;
