CREATE FUNCTION one() RETURNS int LANGUAGE sql AS $$ SELECT 1; $$;
CREATE FUNCTION two() RETURNS int LANGUAGE plpgsql AS $body$
BEGIN
  -- it's a comment; with an apostrophe
  EXECUTE $$SELECT ';$b$'$$;
  RETURN 2;
END;
$body$;
DO $é1$ BEGIN PERFORM $$;$$; END $é1$;
SELECT $$$$, $a$$a$, $a$ $A$ ; $a$, $_x9$;$_x9$;
SELECT $$'$$, '$$', "a" FROM (SELECT '$$;' AS "a") AS t;
SELECT $$a
;
b$$ AS multi_line;
