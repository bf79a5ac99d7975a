-- up

-- Drop constraint book_author_id_fkey of book: it is made anew below
ALTER TABLE public.book DROP CONSTRAINT book_author_id_fkey;

-- Add constraint book_author_id_fkey to book
--   locks author, book against writes while all of book is read
ALTER TABLE public.book ADD CONSTRAINT book_author_id_fkey FOREIGN KEY (author_id) REFERENCES public.author(id) ON UPDATE CASCADE ON DELETE SET NULL;

-- down

-- Drop constraint book_author_id_fkey of book: it is made anew below
ALTER TABLE public.book DROP CONSTRAINT book_author_id_fkey;

-- Add constraint book_author_id_fkey to book
--   locks author, book against writes while all of book is read
ALTER TABLE public.book ADD CONSTRAINT book_author_id_fkey FOREIGN KEY (author_id) REFERENCES public.author(id) ON DELETE CASCADE;
