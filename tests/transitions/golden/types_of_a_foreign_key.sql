-- up

-- Change column child.parent_id: type integer becomes bigint
--   locks child, parent against reads and writes while all of child is rewritten
ALTER TABLE public.child ALTER COLUMN parent_id TYPE bigint;

-- Change column parent.id: type integer becomes bigint
--   locks child, parent against reads and writes while all of parent is rewritten
ALTER TABLE public.parent ALTER COLUMN id TYPE bigint;

-- down

-- Change column child.parent_id: type bigint becomes integer
--   locks child, parent against reads and writes while all of child is rewritten
-- Fails if rows don't fit: the values of child.parent_id have to fit in integer. To find them: SELECT * FROM public.child WHERE parent_id NOT BETWEEN -2147483648 AND 2147483647
ALTER TABLE public.child ALTER COLUMN parent_id TYPE integer;

-- Change column parent.id: type bigint becomes integer
--   locks child, parent against reads and writes while all of parent is rewritten
-- Fails if rows don't fit: the values of parent.id have to fit in integer. To find them: SELECT * FROM public.parent WHERE id NOT BETWEEN -2147483648 AND 2147483647
ALTER TABLE public.parent ALTER COLUMN id TYPE integer;
