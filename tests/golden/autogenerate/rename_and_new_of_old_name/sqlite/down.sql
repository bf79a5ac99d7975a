-- Drop table log, whose name is wanted
-- DESTRUCTIVE: drops table log with its rows
DROP TABLE log;

-- Rename table old_log to log
ALTER TABLE old_log RENAME TO log;

-- Rename column log.text to _migrate_old_text
ALTER TABLE log RENAME COLUMN text TO _migrate_old_text;

-- Rename column log.body to text
ALTER TABLE log RENAME COLUMN body TO text;

-- Drop column log._migrate_old_text
-- DESTRUCTIVE: drops column log._migrate_old_text with its values
ALTER TABLE log DROP COLUMN _migrate_old_text;
