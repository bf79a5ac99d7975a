-- Rename table a to c
ALTER TABLE a RENAME TO c;

-- Rename table notes to papers
ALTER TABLE notes RENAME TO papers;

-- Rename column c.x to w
ALTER TABLE c RENAME COLUMN x TO w;
