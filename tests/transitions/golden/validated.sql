-- up

-- Change constraint positive of t: is validated
-- Fails if rows don't fit: CHECK (a > 0) of t. To find them: SELECT * FROM public.t WHERE NOT (a > 0)
ALTER TABLE public.t VALIDATE CONSTRAINT positive;

-- down

-- Drop constraint positive of t: it is made anew below
ALTER TABLE public.t DROP CONSTRAINT positive;

-- Add constraint positive to t
ALTER TABLE public.t ADD CONSTRAINT positive CHECK ((a > 0)) NOT VALID;
