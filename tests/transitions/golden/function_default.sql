-- up

-- Change function f(integer, numeric, text)
CREATE OR REPLACE FUNCTION public.f(a integer, b numeric DEFAULT 2.5, c text DEFAULT concat(', ', ' DEFAULT x'))
 RETURNS integer
 LANGUAGE sql
 SECURITY DEFINER
AS $function$SELECT 1$function$;

-- down

-- Change function f(integer, numeric, text)
CREATE OR REPLACE FUNCTION public.f(a integer, b numeric DEFAULT 1.5, c text DEFAULT ' DEFAULT , ('::text)
 RETURNS integer
 LANGUAGE sql
 SECURITY DEFINER
AS $function$SELECT 1$function$;
