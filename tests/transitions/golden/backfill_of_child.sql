-- up

-- Add column p.b
--   p.b of rows that are there becomes coalesce(k, 0) + 1
--   locks c, p against reads and writes while all of p is read
-- Fails if rows don't fit: p.b is NOT NULL, and coalesce(k, 0) + 1 can be NULL. To find them: SELECT * FROM public.p WHERE (coalesce(k, 0) + 1) IS NULL
ALTER TABLE public.p ADD COLUMN b integer;
UPDATE public.p SET b = coalesce(k, 0) + 1;
ALTER TABLE public.p ALTER COLUMN b SET NOT NULL;

-- Add column c.z
--   c.z of rows that are there becomes b + 1
--   locks c against reads and writes while all of it is read
ALTER TABLE public.c ADD COLUMN z integer;
UPDATE public.c SET z = b + 1;
ALTER TABLE public.c ALTER COLUMN z SET NOT NULL;

-- down

-- Drop column c.z
-- DESTRUCTIVE: drops column c.z with its values
ALTER TABLE public.c DROP COLUMN z;

-- Drop column p.b
-- DESTRUCTIVE: drops column p.b with its values
ALTER TABLE public.p DROP COLUMN b;
