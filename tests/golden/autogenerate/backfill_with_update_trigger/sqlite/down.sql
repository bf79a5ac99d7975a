-- Drop column t.b
-- DESTRUCTIVE: drops column t.b with its values
ALTER TABLE t DROP COLUMN b;
