-- up

-- Change column t.p: becomes NOT NULL
--   NULL in t.p becomes the default, 7
--   triggers of t are off while rows are filled
--   locks t against reads and writes while all of it is read
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
