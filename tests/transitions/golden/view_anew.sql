-- up

-- Drop view w: it comes back below
DROP VIEW public.w;

-- Drop view v: it is made anew below
DROP VIEW public.v;

-- Create view v
--   the owner of view v and privileges on it aren't kept: set them again
CREATE VIEW public.v AS
SELECT t.b,
    t.a
   FROM public.t;

-- Put view w back
--   the owner of view w and privileges on it aren't kept: set them again
CREATE VIEW public.w AS
SELECT v.a
   FROM public.v;

-- down

-- Drop view w: it comes back below
DROP VIEW public.w;

-- Drop view v: it is made anew below
DROP VIEW public.v;

-- Create view v
--   the owner of view v and privileges on it aren't kept: set them again
CREATE VIEW public.v AS
SELECT t.a
   FROM public.t;

-- Put view w back
--   the owner of view w and privileges on it aren't kept: set them again
CREATE VIEW public.w AS
SELECT v.a
   FROM public.v;
