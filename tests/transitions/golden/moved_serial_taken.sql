-- up

-- Rename sequence b.t_id_seq to _migrate_old_t_id_seq
ALTER SEQUENCE b.t_id_seq RENAME TO _migrate_old_t_id_seq;

-- Move table a.t to schema b
ALTER TABLE a.t SET SCHEMA b;

-- Drop sequence b._migrate_old_t_id_seq
-- DESTRUCTIVE: drops sequence b.t_id_seq with its number
DROP SEQUENCE b._migrate_old_t_id_seq;

-- down

-- Move table b.t to schema a
ALTER TABLE b.t SET SCHEMA a;

-- Create sequence b.t_id_seq
CREATE SEQUENCE b.t_id_seq;
