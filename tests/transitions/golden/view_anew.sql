-- up

-- Drop view w: it comes back below
DROP VIEW public.w;

-- Drop view v: it is made anew below
DROP VIEW public.v;

-- Create view v
CREATE VIEW public.v AS
SELECT t.b,
    t.a
   FROM public.t;

-- Put view w back
CREATE VIEW public.w AS
SELECT v.a
   FROM public.v;

-- down

-- Drop view w: it comes back below
DROP VIEW public.w;

-- Drop view v: it is made anew below
DROP VIEW public.v;

-- Create view v
CREATE VIEW public.v AS
SELECT t.a
   FROM public.t;

-- Put view w back
CREATE VIEW public.w AS
SELECT v.a
   FROM public.v;
