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

-- Rename table a.t to _migrate_old_t
ALTER TABLE a.t RENAME TO _migrate_old_t;

-- Rename sequence a.t_id_seq to _migrate_old_t_id_seq
ALTER SEQUENCE a.t_id_seq RENAME TO _migrate_old_t_id_seq;

-- Rename index a.t_pkey to _migrate_old_t_pkey
ALTER INDEX a.t_pkey RENAME TO _migrate_old_t_pkey;

-- Move table b.t to schema a
ALTER TABLE b.t SET SCHEMA a;

-- Drop table a._migrate_old_t
-- DESTRUCTIVE: drops table a.t with its rows
DROP TABLE a._migrate_old_t;
