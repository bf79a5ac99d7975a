-- up

-- Add column t.j
--   t.j of rows that are there becomes (SELECT to_jsonb(o) FROM o WHERE o.id = t.id)
--   locks t against reads and writes while all of it is read
ALTER TABLE public.t ADD COLUMN j jsonb;
UPDATE public.t SET j = (SELECT to_jsonb(o) FROM o WHERE o.id = t.id);

-- Drop column o.c
-- DESTRUCTIVE: drops column o.c with its values
ALTER TABLE public.o DROP COLUMN c;

-- Add constraint t_j_check to t
--   locks t against reads and writes while all of it is read
-- Fails if rows don't fit: CHECK (j ? 'c'::text) of t. To find them: SELECT * FROM (SELECT *, CAST((SELECT to_jsonb(o) FROM o WHERE o.id = t.id) AS jsonb) AS j FROM public.t) AS _row WHERE NOT (j ? 'c'::text)
ALTER TABLE public.t ADD CONSTRAINT t_j_check CHECK ((j ? 'c'::text));

-- down

-- Drop column t.j
-- DESTRUCTIVE: drops column t.j with its values
ALTER TABLE public.t DROP COLUMN j;

-- Add column o.c
ALTER TABLE public.o ADD COLUMN c integer;
