-- up

-- Change column child.parent_id: type integer becomes bigint
--   locks child, parent against reads and writes while all of child is rewritten
ALTER TABLE public.child ALTER parent_id TYPE bigint;

-- Change column parent.id: type integer becomes bigint
--   locks child, parent against reads and writes while all of parent is rewritten
ALTER TABLE public.parent ALTER id TYPE bigint;

-- down

-- Change column child.parent_id: type bigint becomes integer
--   fails if a value of child.parent_id doesn't fit in integer
--   locks child, parent against reads and writes while all of child is rewritten
ALTER TABLE public.child ALTER parent_id TYPE integer;

-- Change column parent.id: type bigint becomes integer
--   fails if a value of parent.id doesn't fit in integer
--   locks child, parent against reads and writes while all of parent is rewritten
ALTER TABLE public.parent ALTER id TYPE integer;
