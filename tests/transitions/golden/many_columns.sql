-- up

-- Drop column t.e
-- DESTRUCTIVE: drops column t.e with its values
ALTER TABLE public.t DROP COLUMN e;

-- Change column t.a: becomes NOT NULL
--   locks t against reads and writes while all of it is read
-- Fails if rows don't fit: t.a becomes NOT NULL. To find them: SELECT * FROM public.t WHERE a IS NULL
ALTER TABLE public.t ALTER COLUMN a SET NOT NULL;

-- Change column t.b: may be NULL
ALTER TABLE public.t ALTER COLUMN b DROP NOT NULL;

-- Change column t.d: type character varying(10) becomes character varying(20)
ALTER TABLE public.t ALTER COLUMN d TYPE character varying(20);

-- Add column t.f
ALTER TABLE public.t ADD COLUMN f text;

-- Change column t.c: default 1 becomes 2
ALTER TABLE public.t ALTER COLUMN c SET DEFAULT 2;

-- down

-- Drop column t.f
-- DESTRUCTIVE: drops column t.f with its values
ALTER TABLE public.t DROP COLUMN f;

-- Change column t.a: may be NULL
ALTER TABLE public.t ALTER COLUMN a DROP NOT NULL;

-- Change column t.b: becomes NOT NULL
--   locks t against reads and writes while all of it is read
-- Fails if rows don't fit: t.b becomes NOT NULL. To find them: SELECT * FROM public.t WHERE b IS NULL
ALTER TABLE public.t ALTER COLUMN b SET NOT NULL;

-- Change column t.d: type character varying(20) becomes character varying(10)
--   locks t against reads and writes while all of it is rewritten
-- Fails if rows don't fit: the values of t.d have to fit in character varying(10). To find them: SELECT * FROM public.t WHERE length(rtrim(d::text, ' ')) > 10
ALTER TABLE public.t ALTER COLUMN d TYPE character varying(10);

-- Add column t.e
ALTER TABLE public.t ADD COLUMN e text;

-- Change column t.c: default 2 becomes 1
ALTER TABLE public.t ALTER COLUMN c SET DEFAULT 1;
