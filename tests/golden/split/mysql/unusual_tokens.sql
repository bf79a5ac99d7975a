CREATE TABLE 1a$b (é INT, $c INT, `1` INT);
SELECT \N, 1e5, .5, 0x3b, @@version, @a := 1;
SELECT $c FROM 1a$b;
SELECT 1 AS $$; SELECT 2 AS a$$;
SELECT 'a' REGEXP '^[;]', 1 <=> 2, 5 DIV 2, NOT 1, !1, ~1;
SELECT JSON_EXTRACT('{"a;": 1}', '$."a;"');
