-- up

-- Create table city_de
--   locks city against reads and writes while all of it is read
-- Fails if rows don't fit: no row of city_rest belongs in city_de. To find them: SELECT * FROM public.city_rest WHERE country IN ('de')
CREATE TABLE public.city_de PARTITION OF public.city
    FOR VALUES IN ('de');

-- down

-- Drop table city_de
-- DESTRUCTIVE: drops table city_de with its rows
DROP TABLE public.city_de;
