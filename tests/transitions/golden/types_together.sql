-- up

-- Drop view v: it is made anew below
DROP VIEW public.v;

-- Drop column t.e: it is made anew below
ALTER TABLE public.t DROP COLUMN e;

-- Change column o.id: type integer becomes bigint; column o.n: type integer becomes bigint
--   locks o, t against reads and writes while all of o is rewritten
ALTER TABLE public.o ALTER COLUMN id TYPE bigint, ALTER COLUMN n TYPE bigint;

-- Change column t.a: type integer becomes bigint; column t.b: type integer becomes bigint; column t.c: type character varying(5) becomes character varying(9); column t.d: type integer becomes bigint
--   locks o, t against reads and writes while all of t is rewritten
ALTER TABLE public.t ALTER COLUMN a TYPE bigint, ALTER COLUMN b DROP DEFAULT, ALTER COLUMN b TYPE bigint, ALTER COLUMN b SET DEFAULT 5, ALTER COLUMN c TYPE character varying(9), ALTER COLUMN d TYPE bigint;

-- Add column t.e
--   locks t against reads and writes while all of it is rewritten
ALTER TABLE public.t ADD COLUMN e bigint GENERATED ALWAYS AS ((a + b)) STORED;

-- Create view v
--   the owner of view v and privileges on it aren't kept: set them again
CREATE VIEW public.v AS
SELECT t.a,
    t.d
   FROM public.t;

-- down

-- Drop view v: it is made anew below
DROP VIEW public.v;

-- Drop column t.e: it is made anew below
ALTER TABLE public.t DROP COLUMN e;

-- Change column o.id: type bigint becomes integer; column o.n: type bigint becomes integer
--   locks o, t against reads and writes while all of o is rewritten
-- Fails if rows don't fit: the values of o.id have to fit in integer. To find them: SELECT * FROM public.o WHERE id NOT BETWEEN -2147483648 AND 2147483647
-- Fails if rows don't fit: the values of o.n have to fit in integer. To find them: SELECT * FROM public.o WHERE n NOT BETWEEN -2147483648 AND 2147483647
ALTER TABLE public.o ALTER COLUMN id TYPE integer, ALTER COLUMN n TYPE integer;

-- Change column t.a: type bigint becomes integer; column t.b: type bigint becomes integer; column t.c: type character varying(9) becomes character varying(5); column t.d: type bigint becomes integer
--   locks o, t against reads and writes while all of t is rewritten
-- Fails if rows don't fit: the values of t.a have to fit in integer. To find them: SELECT * FROM public.t WHERE a NOT BETWEEN -2147483648 AND 2147483647
-- Fails if rows don't fit: the values of t.b have to fit in integer. To find them: SELECT * FROM public.t WHERE b NOT BETWEEN -2147483648 AND 2147483647
-- Fails if rows don't fit: the values of t.c have to fit in character varying(5). To find them: SELECT * FROM public.t WHERE length(rtrim(c::text, ' ')) > 5
-- Fails if rows don't fit: the values of t.d have to fit in integer. To find them: SELECT * FROM public.t WHERE d NOT BETWEEN -2147483648 AND 2147483647
ALTER TABLE public.t ALTER COLUMN a TYPE integer, ALTER COLUMN b DROP DEFAULT, ALTER COLUMN b TYPE integer, ALTER COLUMN b SET DEFAULT 5, ALTER COLUMN c TYPE character varying(5), ALTER COLUMN d TYPE integer;

-- Add column t.e
--   locks t against reads and writes while all of it is rewritten
ALTER TABLE public.t ADD COLUMN e integer GENERATED ALWAYS AS ((a + b)) STORED;

-- Create view v
--   the owner of view v and privileges on it aren't kept: set them again
CREATE VIEW public.v AS
SELECT t.a,
    t.d
   FROM public.t;
