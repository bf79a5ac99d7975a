-- up

-- Add column book.isbn
ALTER TABLE public.book ADD COLUMN isbn text;

-- Add column book.pages
ALTER TABLE public.book ADD COLUMN pages integer;

-- Add column book.shelf_id
ALTER TABLE public.book ADD COLUMN shelf_id integer;

-- Add constraint book_isbn_key to book
--   locks book against reads and writes while all of it is read
ALTER TABLE public.book ADD CONSTRAINT book_isbn_key UNIQUE (isbn);

-- Add constraint book_pages_check to book
--   locks book against reads and writes while all of it is read
ALTER TABLE public.book ADD CONSTRAINT book_pages_check CHECK ((pages > 0));

-- Add constraint book_shelf_id_fkey to book
--   locks book, shelf against writes while all of book is read
ALTER TABLE public.book ADD CONSTRAINT book_shelf_id_fkey FOREIGN KEY (shelf_id) REFERENCES public.shelf(id);

-- down

-- Drop column book.isbn
-- DESTRUCTIVE: drops column book.isbn with its values
ALTER TABLE public.book DROP COLUMN isbn;

-- Drop column book.pages
-- DESTRUCTIVE: drops column book.pages with its values
ALTER TABLE public.book DROP COLUMN pages;

-- Drop column book.shelf_id
-- DESTRUCTIVE: drops column book.shelf_id with its values
ALTER TABLE public.book DROP COLUMN shelf_id;
