-- up

-- Change column t.p: becomes NOT NULL
--   NULL in t.p becomes the default, 7
--   triggers of t are off while rows are filled
--   locks t against reads and writes while all of it is read
-- Fails if rows don't fit: t (p) has to refer to p. To find them: SELECT * FROM (SELECT a, COALESCE(p, 7) AS p FROM public.t) AS _child WHERE _child.p IS NOT NULL AND NOT EXISTS (SELECT 1 FROM public.p AS _parent WHERE _parent.id = _child.p)
ALTER TABLE public.t DISABLE TRIGGER USER;
UPDATE public.t SET p = 7 WHERE p IS NULL;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE public.t ENABLE TRIGGER USER;
ALTER TABLE public.t ALTER COLUMN p SET NOT NULL;

-- Set the default of t.p
ALTER TABLE public.t ALTER COLUMN p SET DEFAULT 7;

-- down

-- Drop the default of t.p
ALTER TABLE public.t ALTER COLUMN p DROP DEFAULT;

-- Change column t.p: may be NULL
ALTER TABLE public.t ALTER COLUMN p DROP NOT NULL;
