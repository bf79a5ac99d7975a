-- up

-- Add column t.j
--   t.j of rows that are there becomes to_jsonb(t) - 'id'
--   locks t against reads and writes while all of it is read
ALTER TABLE public.t ADD COLUMN j jsonb;
UPDATE public.t SET j = to_jsonb(t) - 'id';
ALTER TABLE public.t ALTER COLUMN j SET NOT NULL;

-- Drop column t.a
-- DESTRUCTIVE: drops column t.a with its values
ALTER TABLE public.t DROP COLUMN a;

-- Drop column t.b
-- DESTRUCTIVE: drops column t.b with its values
ALTER TABLE public.t DROP COLUMN b;

-- Add constraint t_j_check to t
--   locks t against reads and writes while all of it is read
-- Fails if rows don't fit: CHECK ((j ? 'a'::text) AND (j ? 'b'::text)) of t. To find them: SELECT * FROM (SELECT *, CAST(to_jsonb(t) - 'id' AS jsonb) AS j FROM public.t) AS _row WHERE NOT ((j ? 'a'::text) AND (j ? 'b'::text))
ALTER TABLE public.t ADD CONSTRAINT t_j_check CHECK (((j ? 'a'::text) AND (j ? 'b'::text)));

-- down

-- Drop column t.j
-- DESTRUCTIVE: drops column t.j with its values
ALTER TABLE public.t DROP COLUMN j;

-- Add column t.a
ALTER TABLE public.t ADD COLUMN a integer;

-- Add column t.b
ALTER TABLE public.t ADD COLUMN b integer;
