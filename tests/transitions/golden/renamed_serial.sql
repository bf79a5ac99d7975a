-- up

-- Rename table t to t_old
ALTER TABLE public.t RENAME TO t_old;

-- Rename constraint t_pkey of t_old to t_old_pkey
ALTER TABLE public.t_old RENAME CONSTRAINT t_pkey TO t_old_pkey;

-- Rename sequence t_id_seq to t_old_id_seq
ALTER SEQUENCE public.t_id_seq RENAME TO t_old_id_seq;

-- Create sequence t_id_seq
CREATE SEQUENCE public.t_id_seq AS integer;

-- Create table t
CREATE TABLE public.t (
    id integer NOT NULL DEFAULT nextval('public.t_id_seq'::regclass),
    z text,
    CONSTRAINT t_pkey PRIMARY KEY (id)
);

-- Say which column sequence t_id_seq belongs to
ALTER SEQUENCE public.t_id_seq OWNED BY public.t.id;

-- down

-- Rename table t to _migrate_old_t
ALTER TABLE public.t RENAME TO _migrate_old_t;

-- Rename table t_old to t
ALTER TABLE public.t_old RENAME TO t;

-- Rename constraint t_pkey of _migrate_old_t to _migrate_old_t_pkey
ALTER TABLE public._migrate_old_t RENAME CONSTRAINT t_pkey TO _migrate_old_t_pkey;

-- Rename sequence t_id_seq to _migrate_old_t_id_seq
ALTER SEQUENCE public.t_id_seq RENAME TO _migrate_old_t_id_seq;

-- Rename constraint t_old_pkey of t to t_pkey
ALTER TABLE public.t RENAME CONSTRAINT t_old_pkey TO t_pkey;

-- Rename sequence t_old_id_seq to t_id_seq
ALTER SEQUENCE public.t_old_id_seq RENAME TO t_id_seq;

-- Drop table _migrate_old_t
-- DESTRUCTIVE: drops table t with its rows
DROP TABLE public._migrate_old_t;
