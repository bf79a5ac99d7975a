-- up

-- Add column t.c
--   t.c of rows that are there becomes coalesce((SELECT o.c FROM o WHERE o.id = t.o), 0)
--   locks t against reads and writes while all of it is read
ALTER TABLE public.t ADD COLUMN c integer;
UPDATE public.t SET c = coalesce((SELECT o.c FROM o WHERE o.id = t.o), 0);
ALTER TABLE public.t ALTER COLUMN c SET NOT NULL;

-- Drop column o.c
-- DESTRUCTIVE: drops column o.c with its values
ALTER TABLE public.o DROP COLUMN c;

-- down

-- Drop column t.c
-- DESTRUCTIVE: drops column t.c with its values
ALTER TABLE public.t DROP COLUMN c;

-- Add column o.c
ALTER TABLE public.o ADD COLUMN c integer;
