-- up

-- Change enum mood: values b, d become a, b, c, c2, d, e, f
ALTER TYPE public.mood ADD VALUE 'a' BEFORE 'b';
ALTER TYPE public.mood ADD VALUE 'c' BEFORE 'd';
ALTER TYPE public.mood ADD VALUE 'c2' BEFORE 'd';
ALTER TYPE public.mood ADD VALUE 'e';
ALTER TYPE public.mood ADD VALUE 'f';

-- down

-- Change enum mood: values a, b, c, c2, d, e, f become b, d
--   the owner of enum mood and privileges on it aren't kept: set them again
--   locks t against reads and writes while all of it is rewritten
-- Fails if rows don't fit: t.m has no value that mood loses. To find them: SELECT * FROM public.t WHERE m::text IN ('a', 'c', 'c2', 'e', 'f')
ALTER TYPE public.mood RENAME TO mood_old;
CREATE TYPE public.mood AS ENUM ('b', 'd');
ALTER TABLE public.t ALTER COLUMN m TYPE public.mood USING m::text::public.mood;
DROP TYPE public.mood_old;
