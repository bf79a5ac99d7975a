-- up

-- Drop index t_a: it is made anew below
DROP INDEX public.t_a;

-- Create index t_a
--   locks t against writes while all of it is read
-- Fails if rows don't fit: index t_a of t is UNIQUE. To find them: SELECT a, count(*) FROM public.t WHERE a IS NOT NULL AND ((NOT gone) AND (b <> 'x'::text)) GROUP BY a HAVING count(*) > 1
CREATE UNIQUE INDEX t_a ON public.t USING btree (a) WHERE ((NOT gone) AND (b <> 'x'::text));

-- down

-- Drop index t_a: it is made anew below
DROP INDEX public.t_a;

-- Create index t_a
--   locks t against writes while all of it is read
-- Fails if rows don't fit: index t_a of t is UNIQUE. To find them: SELECT a, count(*) FROM public.t WHERE a IS NOT NULL GROUP BY a HAVING count(*) > 1
CREATE UNIQUE INDEX t_a ON public.t USING btree (a);
