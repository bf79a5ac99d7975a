SELECT 1 -- it's;AS a;
-- b;
SELECT 2;
