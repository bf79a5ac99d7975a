-- up

-- Create function twice(integer)
CREATE OR REPLACE FUNCTION public.twice(a integer)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$SELECT coalesce(a, 0) * 2$function$;

-- Add column t.c
--   t.c of rows that are there becomes twice(o)
--   locks t against reads and writes while all of it is read
-- Fails if rows don't fit: t.c is NOT NULL, and twice(o) can be NULL
ALTER TABLE public.t ADD COLUMN c integer;
UPDATE public.t SET c = twice(o);
ALTER TABLE public.t ALTER COLUMN c SET NOT NULL;

-- down

-- Drop column t.c
-- DESTRUCTIVE: drops column t.c with its values
ALTER TABLE public.t DROP COLUMN c;

-- Drop function twice(integer)
DROP FUNCTION public.twice(integer);
