-- Rename table log to old_log
ALTER TABLE log RENAME TO old_log;

-- Rename column old_log.text to body
ALTER TABLE old_log RENAME COLUMN text TO body;

-- Create table log
CREATE TABLE log (id INTEGER PRIMARY KEY, line TEXT NOT NULL);

-- Add column old_log.text
ALTER TABLE old_log ADD COLUMN text BLOB;
