CREATE TABLE a$b$c (x$ int, y$$ int);
INSERT INTO a$b$c VALUES (1, 2);
SELECT x$,y$$ FROM a$b$c;
PREPARE p (int, int) AS SELECT $1+$2 AS a$1$; EXECUTE p (1, 2);
SELECT 'a'AS e$$, 'b' AS é$é$;
SELECT 1+$$2;$$::int4;
SELECT length(text $$;$$);
SELECT$$3; SELECT 4 AS b$$;
