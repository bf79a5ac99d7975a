-- up

-- Rename constraint author.a_key to author_key
ALTER TABLE public.author RENAME CONSTRAINT a_key TO author_key;

-- Rename constraint book.b_unique to isbn_unique
ALTER TABLE public.book RENAME CONSTRAINT b_unique TO isbn_unique;

-- Rename constraint book.b_check to isbn_check
ALTER TABLE public.book RENAME CONSTRAINT b_check TO isbn_check;

-- Rename constraint book.b_by to written_by
ALTER TABLE public.book RENAME CONSTRAINT b_by TO written_by;

-- Drop constraint isbn_check of book: it is made anew below
ALTER TABLE public.book DROP CONSTRAINT isbn_check;

-- Add constraint isbn_check to book
--   locks book against reads and writes while all of it is read
-- Fails if rows don't fit: CHECK (isbn <> 'none'::text) of book. To find them: SELECT * FROM public.book WHERE NOT (isbn <> 'none'::text)
ALTER TABLE public.book ADD CONSTRAINT isbn_check CHECK ((isbn <> 'none'::text));

-- down

-- Rename constraint author.author_key to a_key
ALTER TABLE public.author RENAME CONSTRAINT author_key TO a_key;

-- Rename constraint book.isbn_unique to b_unique
ALTER TABLE public.book RENAME CONSTRAINT isbn_unique TO b_unique;

-- Rename constraint book.isbn_check to b_check
ALTER TABLE public.book RENAME CONSTRAINT isbn_check TO b_check;

-- Rename constraint book.written_by to b_by
ALTER TABLE public.book RENAME CONSTRAINT written_by TO b_by;

-- Drop constraint b_check of book: it is made anew below
ALTER TABLE public.book DROP CONSTRAINT b_check;

-- Add constraint b_check to book
--   locks book against reads and writes while all of it is read
-- Fails if rows don't fit: CHECK (isbn <> ''::text) of book. To find them: SELECT * FROM public.book WHERE NOT (isbn <> ''::text)
ALTER TABLE public.book ADD CONSTRAINT b_check CHECK ((isbn <> ''::text));
