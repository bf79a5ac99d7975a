-- up

-- Move table a.t to schema b
ALTER TABLE a.t SET SCHEMA b;

-- Create sequence a.t_id_seq
CREATE SEQUENCE a.t_id_seq AS integer;

-- Create table a.t
CREATE TABLE a.t (
    id integer NOT NULL DEFAULT nextval('a.t_id_seq'::regclass),
    z text,
    CONSTRAINT t_pkey PRIMARY KEY (id)
);

-- Say which column sequence a.t_id_seq belongs to
ALTER SEQUENCE a.t_id_seq OWNED BY a.t.id;

-- down

-- Rename table b.t to _migrate_old_t
ALTER TABLE b.t RENAME TO _migrate_old_t;

-- Rename sequence b.t_id_seq to _migrate_old_t_id_seq
ALTER SEQUENCE b.t_id_seq RENAME TO _migrate_old_t_id_seq;

-- Rename index b.t_pkey to _migrate_old_t_pkey
ALTER INDEX b.t_pkey RENAME TO _migrate_old_t_pkey;

-- Move table b._migrate_old_t to schema a
ALTER TABLE b._migrate_old_t SET SCHEMA a;

-- Rename table a._migrate_old_t to _migrate_old__migrate_old_t
ALTER TABLE a._migrate_old_t RENAME TO _migrate_old__migrate_old_t;

-- Rename table a.t to _migrate_old_t
ALTER TABLE a.t RENAME TO _migrate_old_t;

-- Rename table a._migrate_old__migrate_old_t to t
ALTER TABLE a._migrate_old__migrate_old_t RENAME TO t;

-- Rename constraint t_pkey of a._migrate_old_t to _migrate_old__migrate_old_t_pkey
ALTER TABLE a._migrate_old_t RENAME CONSTRAINT t_pkey TO _migrate_old__migrate_old_t_pkey;

-- Rename sequence a.t_id_seq to _migrate_old__migrate_old_t_id_seq
ALTER SEQUENCE a.t_id_seq RENAME TO _migrate_old__migrate_old_t_id_seq;

-- Rename constraint _migrate_old_t_pkey of a.t to t_pkey
ALTER TABLE a.t RENAME CONSTRAINT _migrate_old_t_pkey TO t_pkey;

-- Rename sequence a._migrate_old_t_id_seq to t_id_seq
ALTER SEQUENCE a._migrate_old_t_id_seq RENAME TO t_id_seq;

-- Drop table a._migrate_old_t
-- DESTRUCTIVE: drops table a._migrate_old_t with its rows
DROP TABLE a._migrate_old_t;
