-- up

-- Drop view c: it comes back below
DROP VIEW public.c;

-- Drop view b: it is made anew below
DROP VIEW public.b;

-- Drop view a: it is made anew below
DROP VIEW public.a;

-- Change column t.n: type integer becomes numeric
--   locks t against reads and writes while all of it is rewritten
ALTER TABLE public.t ALTER COLUMN n TYPE numeric;

-- Create view a
--   the owner of view a and privileges on it aren't kept: set them again
CREATE VIEW public.a AS
SELECT t.id,
    t.n
   FROM public.t;

-- Create view b
--   the owner of view b and privileges on it aren't kept: set them again
CREATE VIEW public.b AS
SELECT a.n,
    count(*) AS times
   FROM public.a
  GROUP BY a.n;

-- Put view c back
--   the owner of view c and privileges on it aren't kept: set them again
CREATE VIEW public.c AS
SELECT max(b.times) AS most
   FROM public.b;

-- down

-- Drop view c: it comes back below
DROP VIEW public.c;

-- Drop view b: it is made anew below
DROP VIEW public.b;

-- Drop view a: it is made anew below
DROP VIEW public.a;

-- Change column t.n: type numeric becomes integer
--   locks t against reads and writes while all of it is rewritten
-- DESTRUCTIVE: changes the values of t.n from numeric to integer
ALTER TABLE public.t ALTER COLUMN n TYPE integer;

-- Create view a
--   the owner of view a and privileges on it aren't kept: set them again
CREATE VIEW public.a AS
SELECT t.id,
    t.n
   FROM public.t;

-- Create view b
--   the owner of view b and privileges on it aren't kept: set them again
CREATE VIEW public.b AS
SELECT a.n,
    count(*) AS times
   FROM public.a
  GROUP BY a.n;

-- Put view c back
--   the owner of view c and privileges on it aren't kept: set them again
CREATE VIEW public.c AS
SELECT max(b.times) AS most
   FROM public.b;
