-- up

-- Rename constraint t.one to _migrate_old_one
ALTER TABLE public.t RENAME CONSTRAINT one TO _migrate_old_one;

-- Rename constraint t.two to one
ALTER TABLE public.t RENAME CONSTRAINT two TO one;

-- Rename constraint t.three to two
ALTER TABLE public.t RENAME CONSTRAINT three TO two;

-- Rename constraint t._migrate_old_one to three
ALTER TABLE public.t RENAME CONSTRAINT _migrate_old_one TO three;

-- Rename constraint t.x to _migrate_old_x
ALTER TABLE public.t RENAME CONSTRAINT x TO _migrate_old_x;

-- Rename constraint t.y to x
ALTER TABLE public.t RENAME CONSTRAINT y TO x;

-- Rename constraint t._migrate_old_x to y
ALTER TABLE public.t RENAME CONSTRAINT _migrate_old_x TO y;

-- Rename trigger t.x to _migrate_old_x
ALTER TRIGGER x ON public.t RENAME TO _migrate_old_x;

-- Rename trigger t.y to x
ALTER TRIGGER y ON public.t RENAME TO x;

-- Rename trigger t._migrate_old_x to y
ALTER TRIGGER _migrate_old_x ON public.t RENAME TO y;

-- Rename rule t.x to _migrate_old_x
ALTER RULE x ON public.t RENAME TO _migrate_old_x;

-- Rename rule t.y to x
ALTER RULE y ON public.t RENAME TO x;

-- Rename rule t._migrate_old_x to y
ALTER RULE _migrate_old_x ON public.t RENAME TO y;

-- Rename policy t.x to _migrate_old_x
ALTER POLICY x ON public.t RENAME TO _migrate_old_x;

-- Rename policy t.y to x
ALTER POLICY y ON public.t RENAME TO x;

-- Rename policy t._migrate_old_x to y
ALTER POLICY _migrate_old_x ON public.t RENAME TO y;

-- down

-- Rename constraint t.one to _migrate_old_one
ALTER TABLE public.t RENAME CONSTRAINT one TO _migrate_old_one;

-- Rename constraint t.three to one
ALTER TABLE public.t RENAME CONSTRAINT three TO one;

-- Rename constraint t.two to three
ALTER TABLE public.t RENAME CONSTRAINT two TO three;

-- Rename constraint t._migrate_old_one to two
ALTER TABLE public.t RENAME CONSTRAINT _migrate_old_one TO two;

-- Rename constraint t.x to _migrate_old_x
ALTER TABLE public.t RENAME CONSTRAINT x TO _migrate_old_x;

-- Rename constraint t.y to x
ALTER TABLE public.t RENAME CONSTRAINT y TO x;

-- Rename constraint t._migrate_old_x to y
ALTER TABLE public.t RENAME CONSTRAINT _migrate_old_x TO y;

-- Rename trigger t.x to _migrate_old_x
ALTER TRIGGER x ON public.t RENAME TO _migrate_old_x;

-- Rename trigger t.y to x
ALTER TRIGGER y ON public.t RENAME TO x;

-- Rename trigger t._migrate_old_x to y
ALTER TRIGGER _migrate_old_x ON public.t RENAME TO y;

-- Rename rule t.x to _migrate_old_x
ALTER RULE x ON public.t RENAME TO _migrate_old_x;

-- Rename rule t.y to x
ALTER RULE y ON public.t RENAME TO x;

-- Rename rule t._migrate_old_x to y
ALTER RULE _migrate_old_x ON public.t RENAME TO y;

-- Rename policy t.x to _migrate_old_x
ALTER POLICY x ON public.t RENAME TO _migrate_old_x;

-- Rename policy t.y to x
ALTER POLICY y ON public.t RENAME TO x;

-- Rename policy t._migrate_old_x to y
ALTER POLICY _migrate_old_x ON public.t RENAME TO y;
