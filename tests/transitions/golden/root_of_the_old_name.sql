-- up

-- Rename table ev to ev_old
ALTER TABLE public.ev RENAME TO ev_old;

-- Rename constraint ev_pkey of ev_old to ev_old_pkey
ALTER TABLE public.ev_old RENAME CONSTRAINT ev_pkey TO ev_old_pkey;

-- Rename index ev_n_idx to ev_old_n_idx
ALTER INDEX public.ev_n_idx RENAME TO ev_old_n_idx;

-- Create table ev
CREATE TABLE public.ev (
    id integer NOT NULL,
    n text,
    CONSTRAINT ev_pkey PRIMARY KEY (id)
)
PARTITION BY RANGE (id);

-- Create index ev_n_idx
CREATE INDEX ev_n_idx ON public.ev USING btree (n);

-- Attach table ev_old as a partition
--   locks ev against reads and writes while all of it is read
ALTER TABLE public.ev ATTACH PARTITION public.ev_old FOR VALUES FROM (MINVALUE) TO (1000);

-- down

-- Rename table ev to _migrate_old_ev
ALTER TABLE public.ev RENAME TO _migrate_old_ev;

-- Rename table ev_old to ev
ALTER TABLE public.ev_old RENAME TO ev;

-- Rename constraint ev_pkey of _migrate_old_ev to _migrate_old_ev_pkey
ALTER TABLE public._migrate_old_ev RENAME CONSTRAINT ev_pkey TO _migrate_old_ev_pkey;

-- Rename index ev_n_idx to _migrate_old_ev_n_idx
ALTER INDEX public.ev_n_idx RENAME TO _migrate_old_ev_n_idx;

-- Detach table ev from public._migrate_old_ev
ALTER TABLE public._migrate_old_ev DETACH PARTITION public.ev;

-- Drop table _migrate_old_ev
-- DESTRUCTIVE: drops table ev with its rows
DROP TABLE public._migrate_old_ev;

-- Rename constraint ev_old_pkey of ev to ev_pkey
ALTER TABLE public.ev RENAME CONSTRAINT ev_old_pkey TO ev_pkey;

-- Rename index ev_old_n_idx to ev_n_idx
ALTER INDEX public.ev_old_n_idx RENAME TO ev_n_idx;
