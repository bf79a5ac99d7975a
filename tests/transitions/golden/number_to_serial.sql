-- up

-- Create sequence down
CREATE SEQUENCE public.down INCREMENT BY -1 MINVALUE -9223372036854775808 MAXVALUE -1 START WITH -1 CACHE 1 NO CYCLE;

-- Create sequence t_id_seq
CREATE SEQUENCE public.t_id_seq AS integer;

-- Create sequence u_id_seq
CREATE SEQUENCE public.u_id_seq;

-- Change column t.b: default 4 becomes nextval('public.down'::regclass)
--   counts on from the numbers that are there
ALTER TABLE public.t ALTER COLUMN b SET DEFAULT nextval('public.down'::regclass);
SELECT setval('public.down', min(b)) FROM public.t HAVING min(b) <= (SELECT last_value FROM public.down);

-- Set the default of t.id
--   counts on from the numbers that are there
ALTER TABLE public.t ALTER COLUMN id SET DEFAULT nextval('public.t_id_seq'::regclass);
SELECT setval('public.t_id_seq', max(id)) FROM public.t HAVING max(id) >= (SELECT last_value FROM public.t_id_seq);

-- Set the default of u.id
--   counts on from the numbers that are there
ALTER TABLE public.u ALTER COLUMN id SET DEFAULT nextval('public.u_id_seq'::regclass);
SELECT setval('public.u_id_seq', max(id)) FROM public.u HAVING max(id) >= (SELECT last_value FROM public.u_id_seq);

-- Say which column sequence t_id_seq belongs to
ALTER SEQUENCE public.t_id_seq OWNED BY public.t.id;

-- Say which column sequence u_id_seq belongs to
ALTER SEQUENCE public.u_id_seq OWNED BY public.u.id;

-- down

-- Drop the default of t.id
ALTER TABLE public.t ALTER COLUMN id DROP DEFAULT;

-- Drop the default of u.id
ALTER TABLE public.u ALTER COLUMN id DROP DEFAULT;

-- Drop sequence t_id_seq
-- DESTRUCTIVE: drops sequence t_id_seq with its number
DROP SEQUENCE public.t_id_seq;

-- Drop sequence u_id_seq
-- DESTRUCTIVE: drops sequence u_id_seq with its number
DROP SEQUENCE public.u_id_seq;

-- Change column t.b: default nextval('public.down'::regclass) becomes 4
ALTER TABLE public.t ALTER COLUMN b SET DEFAULT 4;

-- Drop sequence down
-- DESTRUCTIVE: drops sequence down with its number
DROP SEQUENCE public.down;
