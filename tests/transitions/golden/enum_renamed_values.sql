-- up

-- Rename value open of enum state to sent
ALTER TYPE public.state RENAME VALUE 'open' TO 'sent';

-- Rename value In Transit of enum state to moving
ALTER TYPE public.state RENAME VALUE 'In Transit' TO 'moving';

-- Rename value open of enum s.state to ajar
ALTER TYPE s.state RENAME VALUE 'open' TO 'ajar';

-- Change enum state: values sent, paid, moving become sent, paid, moving, lost
ALTER TYPE public.state ADD VALUE 'lost';

-- down

-- Rename value sent of enum state to open
ALTER TYPE public.state RENAME VALUE 'sent' TO 'open';

-- Rename value moving of enum state to In Transit
ALTER TYPE public.state RENAME VALUE 'moving' TO 'In Transit';

-- Rename value ajar of enum s.state to open
ALTER TYPE s.state RENAME VALUE 'ajar' TO 'open';

-- Drop view v: it comes back below
DROP VIEW public.v;

-- Drop constraint t_check of t: it comes back below
ALTER TABLE public.t DROP CONSTRAINT t_check;

-- Drop the default of t.a: it comes back below
ALTER TABLE public.t ALTER COLUMN a DROP DEFAULT;

-- Change enum state: values open, paid, In Transit, lost become open, paid, In Transit
--   the owner of enum state and privileges on it aren't kept: set them again
--   locks t against reads and writes while all of it is rewritten
-- Fails if rows don't fit: t.a has no value that state loses. To find them: SELECT * FROM public.t WHERE a::text IN ('lost')
ALTER TYPE public.state RENAME TO state_old;
CREATE TYPE public.state AS ENUM ('open', 'paid', 'In Transit');
ALTER TABLE public.t ALTER COLUMN a TYPE public.state USING a::text::public.state, ALTER COLUMN b TYPE public.state[] USING b::text[]::public.state[];
DROP TYPE public.state_old;

-- Put the default of t.a back
ALTER TABLE public.t ALTER COLUMN a SET DEFAULT 'open'::public.state;

-- Put constraint t_check of t back
--   locks t against reads and writes while all of it is read
ALTER TABLE public.t ADD CONSTRAINT t_check CHECK (((a <> 'paid'::public.state) OR (n > 0)));

-- Put view v back
--   the owner of view v and privileges on it aren't kept: set them again
CREATE VIEW public.v AS
SELECT t.n
   FROM public.t
  WHERE (t.a = 'open'::public.state);
