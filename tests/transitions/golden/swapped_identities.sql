-- up

-- Rename table b.t to _migrate_old_t
ALTER TABLE b.t RENAME TO _migrate_old_t;

-- Rename index b.t_pkey to _migrate_old_t_pkey
ALTER INDEX b.t_pkey RENAME TO _migrate_old_t_pkey;

-- Rename sequence b.t_id_seq to _migrate_old_t_id_seq
ALTER SEQUENCE b.t_id_seq RENAME TO _migrate_old_t_id_seq;

-- Move table a.t to schema b
ALTER TABLE a.t SET SCHEMA b;

-- Move table b._migrate_old_t to schema a
ALTER TABLE b._migrate_old_t SET SCHEMA a;

-- Rename table a._migrate_old_t to t
ALTER TABLE a._migrate_old_t RENAME TO t;

-- Rename sequence a._migrate_old_t_id_seq to t_id_seq
ALTER SEQUENCE a._migrate_old_t_id_seq RENAME TO t_id_seq;

-- Rename constraint _migrate_old_t_pkey of a.t to t_pkey
ALTER TABLE a.t RENAME CONSTRAINT _migrate_old_t_pkey TO t_pkey;

-- down

-- Rename table a.t to _migrate_old_t
ALTER TABLE a.t RENAME TO _migrate_old_t;

-- Rename index a.t_pkey to _migrate_old_t_pkey
ALTER INDEX a.t_pkey RENAME TO _migrate_old_t_pkey;

-- Rename sequence a.t_id_seq to _migrate_old_t_id_seq
ALTER SEQUENCE a.t_id_seq RENAME TO _migrate_old_t_id_seq;

-- Move table b.t to schema a
ALTER TABLE b.t SET SCHEMA a;

-- Move table a._migrate_old_t to schema b
ALTER TABLE a._migrate_old_t SET SCHEMA b;

-- Rename table b._migrate_old_t to t
ALTER TABLE b._migrate_old_t RENAME TO t;

-- Rename sequence b._migrate_old_t_id_seq to t_id_seq
ALTER SEQUENCE b._migrate_old_t_id_seq RENAME TO t_id_seq;

-- Rename constraint _migrate_old_t_pkey of b.t to t_pkey
ALTER TABLE b.t RENAME CONSTRAINT _migrate_old_t_pkey TO t_pkey;
