-- up

-- Drop policy p on t: it comes back below
DROP POLICY p ON public.t;

-- Drop rule r on t: it comes back below
DROP RULE r ON public.t;

-- Drop trigger g on t: it comes back below
DROP TRIGGER g ON public.t;

-- Drop materialized view m: it comes back below
DROP MATERIALIZED VIEW public.m;

-- Drop view v: it is made anew below
DROP VIEW public.v;

-- Drop column t.twice: it comes back below
ALTER TABLE public.t DROP COLUMN twice;

-- Drop function f(): it comes back below
DROP FUNCTION public.f();

-- Change column t.n: type integer becomes bigint
--   locks t against reads and writes while all of it is rewritten
ALTER TABLE public.t ALTER COLUMN n DROP DEFAULT, ALTER COLUMN n TYPE bigint, ALTER COLUMN n SET DEFAULT 1;

-- Put function f() back
--   the owner of function f() and privileges on it aren't kept: set them again
CREATE OR REPLACE FUNCTION public.f()
 RETURNS bigint
 LANGUAGE sql
BEGIN ATOMIC
 SELECT sum(t.n) AS sum
    FROM public.t;
END;

-- Put column t.twice back
--   locks t against reads and writes while all of it is rewritten
ALTER TABLE public.t ADD COLUMN twice bigint GENERATED ALWAYS AS ((n + n)) STORED;
COMMENT ON COLUMN public.t.twice IS 'said of twice';

-- Put index t_twice back
--   locks t against writes while all of it is read
CREATE INDEX t_twice ON public.t USING btree (twice) WHERE (n > 7);

-- Create view v
--   the owner of view v and privileges on it aren't kept: set them again
CREATE VIEW public.v AS
SELECT t.n,
    t.twice
   FROM public.t;
COMMENT ON VIEW public.v IS 'said of v';

-- Put materialized view m back
--   the owner of materialized view m and privileges on it aren't kept: set them again
CREATE MATERIALIZED VIEW public.m AS
SELECT sum(v.twice) AS total
   FROM public.v
WITH NO DATA;

-- Put trigger g on t back
CREATE TRIGGER g BEFORE UPDATE OF n ON public.t FOR EACH ROW EXECUTE FUNCTION public.noted();
COMMENT ON TRIGGER g ON public.t IS 'said of g';

-- Put rule r on t back
CREATE RULE r AS
    ON DELETE TO public.t
   WHERE (old.n = 0) DO INSTEAD NOTHING;
COMMENT ON RULE r ON public.t IS 'said of r';

-- Put policy p on t back
CREATE POLICY p ON public.t USING ((n > 0));
COMMENT ON POLICY p ON public.t IS 'said of p';

-- Fill materialized view m
REFRESH MATERIALIZED VIEW public.m;

-- down

-- Drop policy p on t: it comes back below
DROP POLICY p ON public.t;

-- Drop rule r on t: it comes back below
DROP RULE r ON public.t;

-- Drop trigger g on t: it comes back below
DROP TRIGGER g ON public.t;

-- Drop materialized view m: it comes back below
DROP MATERIALIZED VIEW public.m;

-- Drop view v: it is made anew below
DROP VIEW public.v;

-- Drop column t.twice: it comes back below
ALTER TABLE public.t DROP COLUMN twice;

-- Drop function f(): it comes back below
DROP FUNCTION public.f();

-- Change column t.n: type bigint becomes integer
--   locks t against reads and writes while all of it is rewritten
-- Fails if rows don't fit: the values of t.n have to fit in integer. To find them: SELECT * FROM public.t WHERE n NOT BETWEEN -2147483648 AND 2147483647
ALTER TABLE public.t ALTER COLUMN n DROP DEFAULT, ALTER COLUMN n TYPE integer, ALTER COLUMN n SET DEFAULT 1;

-- Put function f() back
--   the owner of function f() and privileges on it aren't kept: set them again
CREATE OR REPLACE FUNCTION public.f()
 RETURNS bigint
 LANGUAGE sql
BEGIN ATOMIC
 SELECT sum(t.n) AS sum
    FROM public.t;
END;

-- Put column t.twice back
--   locks t against reads and writes while all of it is rewritten
ALTER TABLE public.t ADD COLUMN twice bigint GENERATED ALWAYS AS ((n + n)) STORED;
COMMENT ON COLUMN public.t.twice IS 'said of twice';

-- Put index t_twice back
--   locks t against writes while all of it is read
CREATE INDEX t_twice ON public.t USING btree (twice) WHERE (n > 7);

-- Create view v
--   the owner of view v and privileges on it aren't kept: set them again
CREATE VIEW public.v AS
SELECT t.n,
    t.twice
   FROM public.t;
COMMENT ON VIEW public.v IS 'said of v';

-- Put materialized view m back
--   the owner of materialized view m and privileges on it aren't kept: set them again
CREATE MATERIALIZED VIEW public.m AS
SELECT sum(v.twice) AS total
   FROM public.v
WITH NO DATA;

-- Put trigger g on t back
CREATE TRIGGER g BEFORE UPDATE OF n ON public.t FOR EACH ROW EXECUTE FUNCTION public.noted();
COMMENT ON TRIGGER g ON public.t IS 'said of g';

-- Put rule r on t back
CREATE RULE r AS
    ON DELETE TO public.t
   WHERE (old.n = 0) DO INSTEAD NOTHING;
COMMENT ON RULE r ON public.t IS 'said of r';

-- Put policy p on t back
CREATE POLICY p ON public.t USING ((n > 0));
COMMENT ON POLICY p ON public.t IS 'said of p';

-- Fill materialized view m
REFRESH MATERIALIZED VIEW public.m;
