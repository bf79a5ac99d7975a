-- up

-- Change column t.a: type text becomes integer, becomes NOT NULL
--   the values of t.a become length(a)
--   locks t against reads and writes while all of it is rewritten
-- Fails if rows don't fit: t.a is NOT NULL, and length(a) can be NULL. To find them: SELECT * FROM public.t WHERE (length(a)) IS NULL
-- DESTRUCTIVE: changes the values of t.a from text to integer
ALTER TABLE public.t ALTER COLUMN a TYPE integer USING (length(a));
ALTER TABLE public.t ALTER COLUMN a SET NOT NULL;

-- Change column t.b: type integer becomes bigint, becomes NOT NULL
--   NULL in t.b becomes 0
--   locks t against reads and writes while all of it is rewritten
ALTER TABLE public.t ALTER COLUMN b TYPE bigint;
UPDATE public.t SET b = 0 WHERE b IS NULL;
ALTER TABLE public.t ALTER COLUMN b SET NOT NULL;

-- Change column t.c: type integer becomes bigint, becomes NOT NULL
--   the values of t.c become coalesce(c, 7)
--   locks t against reads and writes while all of it is rewritten
-- DESTRUCTIVE: changes the values of t.c from integer to bigint
ALTER TABLE public.t ALTER COLUMN c TYPE bigint USING (coalesce(c, 7));
ALTER TABLE public.t ALTER COLUMN c SET NOT NULL;

-- Change column t.d: type text becomes integer, becomes NOT NULL
--   the values of t.d become length(d)
--   locks t against reads and writes while all of it is rewritten
-- Fails if rows don't fit: t.d is NOT NULL, and length(d) can be NULL. To find them: SELECT * FROM public.t WHERE (length(d)) IS NULL
-- DESTRUCTIVE: changes the values of t.d from text to integer
ALTER TABLE public.t ALTER COLUMN d TYPE integer USING (length(d));
ALTER TABLE public.t ALTER COLUMN d SET NOT NULL;

-- down

-- Change column t.a: type integer becomes text, may be NULL; column t.b: type bigint becomes integer, may be NULL; column t.c: type bigint becomes integer, may be NULL; column t.d: type integer becomes text, may be NULL
--   locks t against reads and writes while all of it is rewritten
-- Fails if rows don't fit: the values of t.b have to fit in integer. To find them: SELECT * FROM public.t WHERE b NOT BETWEEN -2147483648 AND 2147483647
-- Fails if rows don't fit: the values of t.c have to fit in integer. To find them: SELECT * FROM public.t WHERE c NOT BETWEEN -2147483648 AND 2147483647
ALTER TABLE public.t ALTER COLUMN a TYPE text USING a::text, ALTER COLUMN b TYPE integer, ALTER COLUMN c TYPE integer, ALTER COLUMN d TYPE text USING d::text;
ALTER TABLE public.t ALTER COLUMN a DROP NOT NULL;
ALTER TABLE public.t ALTER COLUMN b DROP NOT NULL;
ALTER TABLE public.t ALTER COLUMN c DROP NOT NULL;
ALTER TABLE public.t ALTER COLUMN d DROP NOT NULL;
