-- case: a view comes
-- rows
-- both
CREATE TABLE t (id int PRIMARY KEY, a varchar(20));
-- after
CREATE VIEW v AS SELECT id, a AS `b c`, 'it''s' AS x FROM t WHERE a <> ';';

-- case: a view goes
-- rows
-- both
CREATE TABLE t (id int PRIMARY KEY, a varchar(20));
-- before
CREATE VIEW v AS SELECT id, a FROM t;

-- case: the algorithm of a view
-- rows
-- both
CREATE TABLE t (id int PRIMARY KEY, a int);
-- before
CREATE ALGORITHM=MERGE VIEW v AS SELECT id FROM t;
CREATE VIEW w AS SELECT id FROM t;
-- after
CREATE ALGORITHM=TEMPTABLE VIEW v AS SELECT id FROM t;
CREATE ALGORITHM=MERGE VIEW w AS SELECT id FROM t;

-- case: the security of a view
-- both
CREATE TABLE t (id int PRIMARY KEY, a int);
-- before
CREATE VIEW v AS SELECT id FROM t;
CREATE SQL SECURITY INVOKER VIEW w AS SELECT id FROM t;
-- after
CREATE SQL SECURITY INVOKER VIEW v AS SELECT id FROM t;
CREATE SQL SECURITY DEFINER VIEW w AS SELECT id FROM t;

-- case: the check option of a view
-- both
CREATE TABLE t (id int PRIMARY KEY, a int);
-- before
CREATE VIEW v AS SELECT id FROM t WHERE a > 1;
CREATE VIEW w AS SELECT id FROM t WHERE a > 1 WITH CASCADED CHECK OPTION;
-- after
CREATE VIEW v AS SELECT id FROM t WHERE a > 1 WITH LOCAL CHECK OPTION;
CREATE VIEW w AS SELECT id FROM t WHERE a > 1;

-- case: a view names a new column
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE VIEW v AS SELECT * FROM t;
-- after
CREATE TABLE t (id int PRIMARY KEY, b int, a int);
CREATE VIEW v AS SELECT * FROM t;

-- case: a view loses a column that goes
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, b int);
CREATE VIEW v AS SELECT id, a, b FROM t;
-- after
CREATE TABLE t (id int PRIMARY KEY, b int);
CREATE VIEW v AS SELECT id, b FROM t;

-- case: a view goes with its table
-- rows
-- before
CREATE TABLE z (id int);
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE VIEW v AS SELECT id, a FROM t;
-- after
CREATE TABLE z (id int);

-- case: views come in the order of what they name
-- both
CREATE TABLE t (id int PRIMARY KEY, a int);
-- after
CREATE VIEW d AS SELECT * FROM t;
CREATE VIEW b AS SELECT * FROM d;
CREATE VIEW c AS SELECT b.id, d.a FROM b JOIN d ON d.id = b.id;
CREATE VIEW a AS SELECT * FROM c UNION ALL SELECT * FROM b;

-- case: a view below others changes
-- rows
-- both
CREATE TABLE t (id int PRIMARY KEY, a int);
-- before
CREATE VIEW d AS SELECT id FROM t;
CREATE VIEW b AS SELECT id FROM d;
CREATE VIEW a AS SELECT id FROM b;
-- after
CREATE VIEW d AS SELECT id, a FROM t;
CREATE VIEW b AS SELECT id, a FROM d;
CREATE VIEW a AS SELECT id FROM b;

-- case: views change who stands on whom
-- both
CREATE TABLE t (id int PRIMARY KEY, a int);
-- before
CREATE VIEW a AS SELECT id FROM t;
CREATE VIEW b AS SELECT id FROM a;
-- after
CREATE VIEW b AS SELECT id FROM t;
CREATE VIEW a AS SELECT id FROM b;

-- case: a view becomes a table
-- before
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE VIEW v AS SELECT id FROM t;
-- after
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE TABLE v (id int PRIMARY KEY);

-- case: a table becomes a view
-- before
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE TABLE v (id int PRIMARY KEY);
-- after
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE VIEW v AS SELECT id FROM t;

-- case: a view calls a function
-- both
CREATE TABLE t (id int PRIMARY KEY, a int);
-- after
CREATE FUNCTION twice (x int) RETURNS int DETERMINISTIC RETURN x * 2;
CREATE VIEW v AS SELECT twice(a) AS b FROM t;

-- case: a function that a view calls changes
-- both
CREATE TABLE t (id int PRIMARY KEY, a int);
-- before
CREATE FUNCTION twice (x int) RETURNS int DETERMINISTIC RETURN x * 2;
CREATE VIEW v AS SELECT twice(a) AS b FROM t;
-- after
CREATE FUNCTION twice (x bigint) RETURNS bigint DETERMINISTIC RETURN x + x;
CREATE VIEW v AS SELECT twice(a) AS b FROM t;

-- case: a view with everything in its query
-- both
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), d datetime);
-- after
CREATE VIEW v AS WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 3)
  SELECT n.i, count(*) AS c, group_concat(t.b ORDER BY t.id SEPARATOR '; ') AS g, row_number() OVER (ORDER BY n.i) AS r,
  CASE WHEN t.a IS NULL THEN 'none' ELSE cast(t.a AS char) END AS k FROM n LEFT JOIN t ON t.a = n.i AND EXISTS (SELECT 1 FROM t x WHERE x.id = t.id)
  GROUP BY n.i, t.a HAVING count(*) > 0 ORDER BY 1 DESC LIMIT 5;
