-- up

-- Change column t.b: becomes NOT NULL
--   NULL in t.b becomes the default, 4
--   triggers of t, p are off while rows are filled
--   locks t against reads and writes while all of it is read
ALTER TABLE public.t DISABLE TRIGGER USER;
ALTER TABLE public.p DISABLE TRIGGER USER;
UPDATE public.t SET b = 4 WHERE b IS NULL;
ALTER TABLE public.t ENABLE TRIGGER USER;
ALTER TABLE public.p ENABLE TRIGGER USER;
ALTER TABLE public.t ALTER COLUMN b SET NOT NULL;

-- Set the default of t.b
ALTER TABLE public.t ALTER COLUMN b SET DEFAULT 4;

-- down

-- Drop the default of t.b
ALTER TABLE public.t ALTER COLUMN b DROP DEFAULT;

-- Change column t.b: may be NULL
ALTER TABLE public.t ALTER COLUMN b DROP NOT NULL;
