-- up

-- Add column book.title
--   locks book against reads and writes while all of it is read
-- FILL IN: book.title is NOT NULL and has no default; rows that are there need a value in place of NULL
ALTER TABLE public.book ADD COLUMN title text;
UPDATE public.book SET title = NULL /* FILL IN */;
ALTER TABLE public.book ALTER COLUMN title SET NOT NULL;

-- down

-- Drop column book.title
-- DESTRUCTIVE: drops column book.title with its values
ALTER TABLE public.book DROP COLUMN title;
