-- up

-- Create table c
CREATE TABLE public.c (
    id integer NOT NULL,
    a_id integer,
    CONSTRAINT c_pkey PRIMARY KEY (id)
);

-- Create table b
CREATE TABLE public.b (
    id integer NOT NULL,
    c_id integer,
    CONSTRAINT b_pkey PRIMARY KEY (id),
    CONSTRAINT b_c_id_fkey FOREIGN KEY (c_id) REFERENCES public.c(id)
);

-- Create table a
CREATE TABLE public.a (
    id integer NOT NULL,
    b_id integer,
    CONSTRAINT a_pkey PRIMARY KEY (id),
    CONSTRAINT a_b_id_fkey FOREIGN KEY (b_id) REFERENCES public.b(id)
);

-- Add constraint c_a_id_fkey to c
ALTER TABLE public.c ADD CONSTRAINT c_a_id_fkey FOREIGN KEY (a_id) REFERENCES public.a(id);

-- down

-- Drop constraint a_b_id_fkey of a
ALTER TABLE public.a DROP CONSTRAINT a_b_id_fkey;

-- Drop constraint b_c_id_fkey of b
ALTER TABLE public.b DROP CONSTRAINT b_c_id_fkey;

-- Drop constraint c_a_id_fkey of c
ALTER TABLE public.c DROP CONSTRAINT c_a_id_fkey;

-- Drop table a
-- DESTRUCTIVE: drops table a with its rows
DROP TABLE public.a;

-- Drop table b
-- DESTRUCTIVE: drops table b with its rows
DROP TABLE public.b;

-- Drop table c
-- DESTRUCTIVE: drops table c with its rows
DROP TABLE public.c;
