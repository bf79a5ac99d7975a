-- Rename table c to a
ALTER TABLE c RENAME TO a;

-- Rename table papers to notes
ALTER TABLE papers RENAME TO notes;

-- Rename column a.w to x
ALTER TABLE a RENAME COLUMN w TO x;
