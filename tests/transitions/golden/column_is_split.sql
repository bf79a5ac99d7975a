-- up

-- Drop view v
DROP VIEW public.v;

-- Add column t.first
--   t.first of rows that are there becomes coalesce(split_part(fullname, ' ', 1), '')
--   locks t against reads and writes while all of it is read
ALTER TABLE public.t ADD COLUMN first text;
UPDATE public.t SET first = coalesce(split_part(fullname, ' ', 1), '');
ALTER TABLE public.t ALTER COLUMN first SET NOT NULL;

-- Add column t.last
--   t.last of rows that are there becomes coalesce(split_part(fullname, ' ', 2), '')
--   locks t against reads and writes while all of it is read
ALTER TABLE public.t ADD COLUMN last text;
UPDATE public.t SET last = coalesce(split_part(fullname, ' ', 2), '');
ALTER TABLE public.t ALTER COLUMN last SET NOT NULL;

-- Drop column t.fullname
-- DESTRUCTIVE: drops column t.fullname with its values
ALTER TABLE public.t DROP COLUMN fullname;

-- down

-- Drop column t.first
-- DESTRUCTIVE: drops column t.first with its values
ALTER TABLE public.t DROP COLUMN first;

-- Drop column t.last
-- DESTRUCTIVE: drops column t.last with its values
ALTER TABLE public.t DROP COLUMN last;

-- Add column t.fullname
ALTER TABLE public.t ADD COLUMN fullname text;

-- Create view v
CREATE VIEW public.v AS
SELECT t.fullname
   FROM public.t;
