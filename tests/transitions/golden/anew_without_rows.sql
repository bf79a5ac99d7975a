-- up

-- Drop materialized view m: it is made anew below
DROP MATERIALIZED VIEW public.m;

-- Change column t.a: type integer becomes bigint
--   locks t against reads and writes while all of it is rewritten
ALTER TABLE public.t ALTER COLUMN a TYPE bigint;

-- Create materialized view m
--   the owner of materialized view m and privileges on it aren't kept: set them again
--   has no rows then, as the schema says: REFRESH MATERIALIZED VIEW public.m fills it
CREATE MATERIALIZED VIEW public.m AS
SELECT t.a
   FROM public.t
WITH NO DATA;

-- down

-- Drop materialized view m: it is made anew below
DROP MATERIALIZED VIEW public.m;

-- Change column t.a: type bigint becomes integer
--   locks t against reads and writes while all of it is rewritten
-- Fails if rows don't fit: the values of t.a have to fit in integer. To find them: SELECT * FROM public.t WHERE a NOT BETWEEN -2147483648 AND 2147483647
ALTER TABLE public.t ALTER COLUMN a TYPE integer;

-- Create materialized view m
--   the owner of materialized view m and privileges on it aren't kept: set them again
--   has no rows then, as the schema says: REFRESH MATERIALIZED VIEW public.m fills it
CREATE MATERIALIZED VIEW public.m AS
SELECT t.a
   FROM public.t
WITH NO DATA;
