-- Rename table b to c
ALTER TABLE b RENAME TO c;

-- Rename table a to b
ALTER TABLE a RENAME TO b;

-- Rename column b.z to w
ALTER TABLE b RENAME COLUMN z TO w;

-- Rename column b.y to z
ALTER TABLE b RENAME COLUMN y TO z;

-- Rename column b.x to y
ALTER TABLE b RENAME COLUMN x TO y;
