-- up

-- Drop column t.c
-- DESTRUCTIVE: drops column t.c with its values
ALTER TABLE public.t DROP COLUMN c;

-- Add constraint once to t
--   locks t against reads and writes while all of it is read
-- Fails if rows don't fit: t becomes UNIQUE by a. To find them: SELECT a, count(*) FROM public.t WHERE a IS NOT NULL GROUP BY a HAVING count(*) > 1
ALTER TABLE public.t ADD CONSTRAINT once UNIQUE (a);

-- Add constraint range to t
--   locks t against reads and writes while all of it is read
-- Fails if rows don't fit: CHECK (a < b) of t. To find them: SELECT * FROM public.t WHERE NOT (a < b)
ALTER TABLE public.t ADD CONSTRAINT range CHECK ((a < b));

-- Create index t_a_c
--   locks t against writes while all of it is read
CREATE INDEX t_a_c ON public.t USING btree (a);

-- Create statistics t_stat
CREATE STATISTICS public.t_stat ON a, b FROM public.t;

-- down

-- Drop statistics t_stat: it is made anew below
DROP STATISTICS public.t_stat;

-- Drop index t_a_c: it is made anew below
DROP INDEX public.t_a_c;

-- Drop constraint range of t: it is made anew below
ALTER TABLE public.t DROP CONSTRAINT range;

-- Drop constraint once of t: it is made anew below
ALTER TABLE public.t DROP CONSTRAINT once;

-- Add column t.c
ALTER TABLE public.t ADD COLUMN c integer;

-- Add constraint once to t
--   locks t against reads and writes while all of it is read
ALTER TABLE public.t ADD CONSTRAINT once UNIQUE (a, c);

-- Add constraint range to t
--   locks t against reads and writes while all of it is read
-- Fails if rows don't fit: CHECK ((a < b) AND (b < c)) of t. To find them: SELECT * FROM (SELECT *, CAST(NULL AS integer) AS c FROM public.t) AS _row WHERE NOT ((a < b) AND (b < c))
ALTER TABLE public.t ADD CONSTRAINT range CHECK (((a < b) AND (b < c)));

-- Create index t_a_c
--   locks t against writes while all of it is read
CREATE INDEX t_a_c ON public.t USING btree (a, c);

-- Create statistics t_stat
CREATE STATISTICS public.t_stat ON a, b, c FROM public.t;
