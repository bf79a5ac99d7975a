-- up

-- Change column t.n: becomes NOT NULL
--   NULL in t.n becomes the default, 3
--   triggers of t are off while rows are filled
--   locks t against reads and writes while all of it is read
ALTER TABLE public.t DISABLE TRIGGER USER;
UPDATE public.t SET n = 3 WHERE n IS NULL;
ALTER TABLE public.t ENABLE TRIGGER USER;
ALTER TABLE public.t ENABLE ALWAYS TRIGGER always;
ALTER TABLE public.t DISABLE TRIGGER never;
ALTER TABLE public.t ALTER COLUMN n SET NOT NULL;

-- Set the default of t.n
ALTER TABLE public.t ALTER COLUMN n SET DEFAULT 3;

-- down

-- Drop the default of t.n
ALTER TABLE public.t ALTER COLUMN n DROP DEFAULT;

-- Change column t.n: may be NULL
ALTER TABLE public.t ALTER COLUMN n DROP NOT NULL;
