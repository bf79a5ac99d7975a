-- up

-- Drop policy p on t: it comes back below
DROP POLICY p ON public.t;

-- Drop rule r on t: it comes back below
DROP RULE r ON public.t;

-- Drop trigger g on t: it comes back below
DROP TRIGGER g ON public.t;

-- Drop materialized view mv: it comes back below
DROP MATERIALIZED VIEW public.mv;

-- Drop view w: it comes back below
DROP VIEW public.w;

-- Drop view v: it comes back below
DROP VIEW public.v;

-- Drop function moods(): it comes back below
DROP FUNCTION public.moods();

-- Drop function worst(public.mood, public.mood): it comes back below
DROP FUNCTION public.worst(public.mood, public.mood);

-- Change enum mood: values sad, glad, merry become sad, glad
--   the owner of enum mood and privileges on it aren't kept: set them again
--   locks t against reads and writes while all of it is rewritten
-- Fails if rows don't fit: t.m has no value that mood loses. To find them: SELECT * FROM public.t WHERE m::text IN ('merry')
ALTER TYPE public.mood RENAME TO mood_old;
CREATE TYPE public.mood AS ENUM ('sad', 'glad');
ALTER TABLE public.t ALTER COLUMN m TYPE public.mood USING m::text::public.mood;
DROP TYPE public.mood_old;

-- Put view v back
--   the owner of view v and privileges on it aren't kept: set them again
CREATE VIEW public.v AS
SELECT t.id,
    t.m
   FROM public.t
  WHERE (t.m = 'sad'::public.mood);

-- Put view w back
--   the owner of view w and privileges on it aren't kept: set them again
CREATE VIEW public.w AS
SELECT count(*) AS n
   FROM public.v;

-- Put function moods() back
--   the owner of function moods() and privileges on it aren't kept: set them again
CREATE OR REPLACE FUNCTION public.moods()
 RETURNS SETOF public.mood
 LANGUAGE sql
AS $function$SELECT m FROM t$function$;

-- Put function worst(public.mood, public.mood) back
--   the owner of function worst(public.mood, public.mood) and privileges on it aren't kept: set them again
CREATE OR REPLACE FUNCTION public.worst(public.mood, public.mood DEFAULT 'glad'::public.mood)
 RETURNS public.mood
 LANGUAGE sql
AS $function$SELECT least($1, $2)$function$;

-- Put materialized view mv back
--   the owner of materialized view mv and privileges on it aren't kept: set them again
CREATE MATERIALIZED VIEW public.mv AS
SELECT t.m,
    count(*) AS n
   FROM public.t
  GROUP BY t.m
WITH NO DATA;

-- Put trigger g on t back
CREATE TRIGGER g AFTER UPDATE ON public.t FOR EACH ROW WHEN ((new.m = 'sad'::public.mood)) EXECUTE FUNCTION public.noted();

-- Put rule r on t back
CREATE RULE r AS
    ON DELETE TO public.t
   WHERE (old.m = 'glad'::public.mood) DO INSTEAD NOTHING;

-- Put policy p on t back
CREATE POLICY p ON public.t USING ((m > 'sad'::public.mood));

-- Fill materialized view mv
REFRESH MATERIALIZED VIEW public.mv;

-- down

-- Change enum mood: values sad, glad become sad, glad, merry
ALTER TYPE public.mood ADD VALUE 'merry';
