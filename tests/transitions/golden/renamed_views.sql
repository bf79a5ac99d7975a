-- up

-- Rename view v to plain
ALTER VIEW public.v RENAME TO plain;

-- Rename materialized view m to kept
ALTER MATERIALIZED VIEW public.m RENAME TO kept;

-- Drop materialized view kept: it is made anew below
DROP MATERIALIZED VIEW public.kept;

-- Change view w
CREATE OR REPLACE VIEW public.w AS
SELECT v.a
   FROM public.plain v;

-- Create materialized view kept
--   the owner of materialized view kept and privileges on it aren't kept: set them again
CREATE MATERIALIZED VIEW public.kept AS
SELECT v.a
   FROM public.plain v
WITH NO DATA;

-- Fill materialized view kept
REFRESH MATERIALIZED VIEW public.kept;

-- down

-- Rename view plain to v
ALTER VIEW public.plain RENAME TO v;

-- Rename materialized view kept to m
ALTER MATERIALIZED VIEW public.kept RENAME TO m;

-- Drop materialized view m: it is made anew below
DROP MATERIALIZED VIEW public.m;

-- Change view w
CREATE OR REPLACE VIEW public.w AS
SELECT v.a
   FROM public.v;

-- Create materialized view m
--   the owner of materialized view m and privileges on it aren't kept: set them again
CREATE MATERIALIZED VIEW public.m AS
SELECT v.a
   FROM public.v
WITH NO DATA;

-- Fill materialized view m
REFRESH MATERIALIZED VIEW public.m;
