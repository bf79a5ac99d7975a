-- up

-- Create table city_de
--   locks city against reads and writes while all of it is read
CREATE TABLE public.city_de PARTITION OF public.city
    FOR VALUES IN ('de');

-- down

-- Drop table city_de
-- DESTRUCTIVE: drops table city_de with its rows
DROP TABLE public.city_de;
