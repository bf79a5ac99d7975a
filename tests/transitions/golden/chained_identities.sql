-- up

-- Rename table b.t to t_old
ALTER TABLE b.t RENAME TO t_old;

-- Rename index b.t_pkey to _migrate_old_t_pkey
ALTER INDEX b.t_pkey RENAME TO _migrate_old_t_pkey;

-- Rename sequence b.t_id_seq to _migrate_old_t_id_seq
ALTER SEQUENCE b.t_id_seq RENAME TO _migrate_old_t_id_seq;

-- Move table a.t to schema b
ALTER TABLE a.t SET SCHEMA b;

-- Rename sequence b._migrate_old_t_id_seq to t_old_id_seq
ALTER SEQUENCE b._migrate_old_t_id_seq RENAME TO t_old_id_seq;

-- Rename constraint _migrate_old_t_pkey of b.t_old to t_old_pkey
ALTER TABLE b.t_old RENAME CONSTRAINT _migrate_old_t_pkey TO t_old_pkey;

-- down

-- Move table b.t to schema a
ALTER TABLE b.t SET SCHEMA a;

-- Rename table b.t_old to t
ALTER TABLE b.t_old RENAME TO t;

-- Rename constraint t_old_pkey of b.t to t_pkey
ALTER TABLE b.t RENAME CONSTRAINT t_old_pkey TO t_pkey;
