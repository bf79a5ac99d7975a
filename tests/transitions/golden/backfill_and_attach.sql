-- up

-- Change column t.n: becomes NOT NULL
--   NULL in t.n becomes 'none'
--   locks t against reads and writes while all of it is read
UPDATE public.t SET n = 'none' WHERE n IS NULL;
ALTER TABLE public.t ALTER COLUMN n SET NOT NULL;

-- Add column t.z
--   t.z of rows that are there becomes id + 1
--   locks t against reads and writes while all of it is read
ALTER TABLE public.t ADD COLUMN z integer;
UPDATE public.t SET z = id + 1;
ALTER TABLE public.t ALTER COLUMN z SET NOT NULL;

-- Change column x.n: becomes NOT NULL
--   NULL in x.n becomes 'none'
--   locks x against reads and writes while all of it is read
UPDATE public.x SET n = 'none' WHERE n IS NULL;
ALTER TABLE public.x ALTER COLUMN n SET NOT NULL;

-- Add column x.z
--   x.z of rows that are there becomes id + 1
--   locks x against reads and writes while all of it is read
ALTER TABLE public.x ADD COLUMN z integer;
UPDATE public.x SET z = id + 1;
ALTER TABLE public.x ALTER COLUMN z SET NOT NULL;

-- Attach table x as a partition
--   locks t against reads and writes while all of it is read
-- Fails if rows don't fit: the rows of x are FOR VALUES FROM (0) TO (100). To find them: SELECT * FROM public.x WHERE (id >= 0 AND id < 100) IS NOT TRUE
ALTER TABLE public.t ATTACH PARTITION public.x FOR VALUES FROM (0) TO (100);

-- down

-- Drop column t.z
-- DESTRUCTIVE: drops column t.z with its values
ALTER TABLE public.t DROP COLUMN z;

-- Detach table x from public.t
ALTER TABLE public.t DETACH PARTITION public.x;

-- Change column t.n: may be NULL
ALTER TABLE public.t ALTER COLUMN n DROP NOT NULL;

-- Change column x.n: may be NULL
ALTER TABLE public.x ALTER COLUMN n DROP NOT NULL;
