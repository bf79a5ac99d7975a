-- up

-- Rename table b.t to _migrate_old_t
ALTER TABLE b.t RENAME TO _migrate_old_t;

-- Rename index b.t_pkey to _migrate_old_t_pkey
ALTER INDEX b.t_pkey RENAME TO _migrate_old_t_pkey;

-- Move table a.t to schema b
ALTER TABLE a.t SET SCHEMA b;

-- Move table c.t to schema a
ALTER TABLE c.t SET SCHEMA a;

-- Move table b._migrate_old_t to schema c
ALTER TABLE b._migrate_old_t SET SCHEMA c;

-- Rename table c._migrate_old_t to t
ALTER TABLE c._migrate_old_t RENAME TO t;

-- Rename constraint _migrate_old_t_pkey of c.t to t_pkey
ALTER TABLE c.t RENAME CONSTRAINT _migrate_old_t_pkey TO t_pkey;

-- down

-- Rename table a.t to _migrate_old_t
ALTER TABLE a.t RENAME TO _migrate_old_t;

-- Rename index a.t_pkey to _migrate_old_t_pkey
ALTER INDEX a.t_pkey RENAME TO _migrate_old_t_pkey;

-- Move table b.t to schema a
ALTER TABLE b.t SET SCHEMA a;

-- Move table c.t to schema b
ALTER TABLE c.t SET SCHEMA b;

-- Move table a._migrate_old_t to schema c
ALTER TABLE a._migrate_old_t SET SCHEMA c;

-- Rename table c._migrate_old_t to t
ALTER TABLE c._migrate_old_t RENAME TO t;

-- Rename constraint _migrate_old_t_pkey of c.t to t_pkey
ALTER TABLE c.t RENAME CONSTRAINT _migrate_old_t_pkey TO t_pkey;
