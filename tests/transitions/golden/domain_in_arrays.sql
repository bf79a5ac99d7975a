-- up

-- Drop constraint e_check of e: it comes back below
ALTER DOMAIN public.e DROP CONSTRAINT e_check;

-- Change domain e: type character varying(10) becomes character varying(20)
--   the owner of domain e and privileges on it aren't kept: set them again
--   locks t against reads and writes while all of it is rewritten
ALTER DOMAIN public.e RENAME TO e_old;
CREATE DOMAIN public.e AS character varying(20);
ALTER TABLE public.t ALTER COLUMN y TYPE public.e[] USING y::text[];
DROP DOMAIN public.e_old;

-- Change domain n: becomes NOT NULL
--   rewrites the tables that have arrays of it
--   locks t against reads and writes while all of it is rewritten
-- Fails if rows don't fit: t.z has no NULL, which n refuses
ALTER TABLE public.t ALTER COLUMN z TYPE integer[] USING z::integer[];
ALTER DOMAIN public.n SET NOT NULL;
ALTER TABLE public.t ALTER COLUMN z TYPE public.n[] USING z::public.n[];

-- Add constraint d_check to d
--   rewrites the tables that have arrays of it
--   locks t against reads and writes while all of it is rewritten
-- Fails if rows don't fit: CHECK (VALUE > 0) of d for t.x
-- Fails if rows don't fit: CHECK (VALUE > 0) of d for t.w. To find them: SELECT * FROM public.t WHERE NOT (w > 0)
ALTER TABLE public.t ALTER COLUMN x DROP DEFAULT;
ALTER TABLE public.t ALTER COLUMN x TYPE integer[] USING x::integer[];
ALTER DOMAIN public.d ADD CONSTRAINT d_check CHECK ((VALUE > 0));
ALTER TABLE public.t ALTER COLUMN x TYPE public.d[] USING x::public.d[];
ALTER TABLE public.t ALTER COLUMN x SET DEFAULT '{1}'::public.d[];

-- Put constraint e_check of e back
--   rewrites the tables that have arrays of it
--   locks t against reads and writes while all of it is rewritten
ALTER TABLE public.t ALTER COLUMN y TYPE character varying(20)[] USING y::character varying(20)[];
ALTER DOMAIN public.e ADD CONSTRAINT e_check CHECK (((VALUE)::text <> ''::text));
ALTER TABLE public.t ALTER COLUMN y TYPE public.e[] USING y::public.e[];

-- down

-- Drop constraint d_check of d
ALTER DOMAIN public.d DROP CONSTRAINT d_check;

-- Drop constraint e_check of e: it comes back below
ALTER DOMAIN public.e DROP CONSTRAINT e_check;

-- Change domain e: type character varying(20) becomes character varying(10)
--   the owner of domain e and privileges on it aren't kept: set them again
--   fails if a value of domain e doesn't fit in character varying(10)
--   locks t against reads and writes while all of it is rewritten
ALTER DOMAIN public.e RENAME TO e_old;
CREATE DOMAIN public.e AS character varying(10);
ALTER TABLE public.t ALTER COLUMN y TYPE public.e[] USING y::text[];
DROP DOMAIN public.e_old;

-- Change domain n: may be NULL
ALTER DOMAIN public.n DROP NOT NULL;

-- Put constraint e_check of e back
--   rewrites the tables that have arrays of it
--   locks t against reads and writes while all of it is rewritten
ALTER TABLE public.t ALTER COLUMN y TYPE character varying(10)[] USING y::character varying(10)[];
ALTER DOMAIN public.e ADD CONSTRAINT e_check CHECK (((VALUE)::text <> ''::text));
ALTER TABLE public.t ALTER COLUMN y TYPE public.e[] USING y::public.e[];
