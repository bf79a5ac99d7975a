-- up

-- Change table t: comment 'one' becomes 'two'
COMMENT ON TABLE public.t IS 'two';

-- Change column t.a: comment 'of a' becomes none
COMMENT ON COLUMN public.t.a IS NULL;

-- Change column t.b: comment 'of b' becomes 'of b, again'
COMMENT ON COLUMN public.t.b IS 'of b, again';

-- down

-- Change table t: comment 'two' becomes 'one'
COMMENT ON TABLE public.t IS 'one';

-- Change column t.a: comment none becomes 'of a'
COMMENT ON COLUMN public.t.a IS 'of a';

-- Change column t.b: comment 'of b, again' becomes 'of b'
COMMENT ON COLUMN public.t.b IS 'of b';
