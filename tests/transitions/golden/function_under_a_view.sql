-- up

-- Drop view w: it is made anew below
DROP VIEW public.w;

-- Drop view v: it is made anew below
DROP VIEW public.v;

-- Drop function f(integer): it is made anew below
DROP FUNCTION public.f(integer);

-- Create function f(integer)
--   the owner of function f(integer) and privileges on it aren't kept: set them again
CREATE OR REPLACE FUNCTION public.f(a integer)
 RETURNS bigint
 LANGUAGE sql
AS $function$SELECT 1::bigint$function$;

-- Create view v
--   the owner of view v and privileges on it aren't kept: set them again
CREATE VIEW public.v AS
SELECT public.f(t.a) AS n
   FROM public.t;

-- Create view w
--   the owner of view w and privileges on it aren't kept: set them again
CREATE VIEW public.w AS
SELECT v.n
   FROM public.v;

-- down

-- Drop view w: it is made anew below
DROP VIEW public.w;

-- Drop view v: it is made anew below
DROP VIEW public.v;

-- Drop function f(integer): it is made anew below
DROP FUNCTION public.f(integer);

-- Create function f(integer)
--   the owner of function f(integer) and privileges on it aren't kept: set them again
CREATE OR REPLACE FUNCTION public.f(a integer)
 RETURNS integer
 LANGUAGE sql
AS $function$SELECT 1$function$;

-- Create view v
--   the owner of view v and privileges on it aren't kept: set them again
CREATE VIEW public.v AS
SELECT public.f(t.a) AS n
   FROM public.t;

-- Create view w
--   the owner of view w and privileges on it aren't kept: set them again
CREATE VIEW public.w AS
SELECT v.n
   FROM public.v;
