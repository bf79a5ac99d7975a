-- Views and materialized views.

-- case: a view is created
-- both
CREATE TABLE t (a integer, b text);
-- after
CREATE VIEW v AS SELECT a, upper(b) AS loud FROM t WHERE a > 1 ORDER BY a;

-- case: a view is dropped
-- both
CREATE TABLE t (a integer, b text);
-- before
CREATE VIEW v AS SELECT * FROM t;

-- case: the condition of a view changes
-- both
CREATE TABLE t (a integer, b text);
-- before
CREATE VIEW v AS SELECT a FROM t WHERE a > 1;
-- after
CREATE VIEW v AS SELECT a FROM t WHERE a > 2 AND b IS NOT NULL;

-- case: a view shows one more column at its end
-- both
CREATE TABLE t (a integer, b text);
-- before
CREATE VIEW v AS SELECT a FROM t;
CREATE VIEW w AS SELECT a FROM v;
-- after
CREATE VIEW v AS SELECT a, b FROM t;
CREATE VIEW w AS SELECT a FROM v;

-- case: a view shows one more column at its beginning
-- golden: view_anew
-- both
CREATE TABLE t (a integer, b text);
-- before
CREATE VIEW v AS SELECT a FROM t;
CREATE VIEW w AS SELECT a FROM v;
-- after
CREATE VIEW v AS SELECT b, a FROM t;
CREATE VIEW w AS SELECT a FROM v;

-- case: a column of a view gets another name
-- both
CREATE TABLE t (a integer, b text);
-- before
CREATE VIEW v AS SELECT a, b FROM t;
-- after
CREATE VIEW v AS SELECT a AS number, b FROM t;

-- case: a column of a view gets another type
-- both
CREATE TABLE t (a integer, b text);
-- before
CREATE VIEW v AS SELECT a FROM t;
-- after
CREATE VIEW v AS SELECT a::bigint AS a FROM t;

-- case: a column of a view gets another length and collation
-- both
CREATE TABLE t (a integer, b varchar(10));
-- before
CREATE VIEW v AS SELECT b, b AS c FROM t;
-- after
CREATE VIEW v AS SELECT b::varchar(20) AS b, b COLLATE "C" AS c FROM t;

-- case: the options of a view change
-- from: 15
-- both
CREATE TABLE t (a integer, b text);
-- before
CREATE VIEW v WITH (security_barrier) AS SELECT a FROM t;
-- after
CREATE VIEW v WITH (security_invoker) AS SELECT a FROM t WITH CASCADED CHECK OPTION;

-- case: a view keeps its options when its query changes
-- from: 15
-- both
CREATE TABLE t (a integer, b text);
-- before
CREATE VIEW v WITH (security_invoker, security_barrier) AS SELECT a FROM t;
-- after
CREATE VIEW v WITH (security_invoker, security_barrier) AS SELECT a FROM t WHERE a > 0;

-- case: a view is checked locally
-- both
CREATE TABLE t (a integer, b text);
-- before
CREATE VIEW v AS SELECT a FROM t WHERE a > 0;
-- after
CREATE VIEW v AS SELECT a FROM t WHERE a > 0 WITH LOCAL CHECK OPTION;

-- case: a column of a view has a default
-- both
CREATE TABLE t (a integer, b text);
-- before
CREATE VIEW v AS SELECT a FROM t;
-- after
CREATE VIEW v AS SELECT a FROM t;
ALTER VIEW v ALTER a SET DEFAULT 5;

-- case: a view shows all columns and the table gets one more
-- before
CREATE TABLE t (a integer, b text);
CREATE VIEW v AS SELECT * FROM t;
-- after
CREATE TABLE t (a integer, c date, b text);
CREATE VIEW v AS SELECT * FROM t;

-- case: a view of a list of varchars
-- both
CREATE TABLE t (kind varchar(9));
-- before
CREATE VIEW v AS SELECT kind FROM t WHERE kind IN ('a', 'b');
-- after
CREATE VIEW v AS SELECT kind FROM t WHERE kind IN ('a', 'b', 'c');

-- case: views of many forms are created
-- both
CREATE TABLE t (id integer PRIMARY KEY, up integer, a integer, b text, at timestamptz, j jsonb);
-- after
CREATE VIEW v1 AS WITH RECURSIVE x(id, depth) AS (SELECT id, 1 FROM t WHERE up IS NULL UNION ALL SELECT t.id, depth + 1 FROM t JOIN x ON t.up = x.id) SELECT * FROM x;
CREATE VIEW v2 AS SELECT id, row_number() OVER (PARTITION BY b ORDER BY at DESC) AS place, lag(a) OVER w FROM t WINDOW w AS (ORDER BY id);
CREATE VIEW v3 AS SELECT DISTINCT ON (b) b, a FROM t ORDER BY b, a DESC NULLS LAST LIMIT 10;
CREATE VIEW v4 AS SELECT b, count(*) FILTER (WHERE a > 0) AS some, string_agg(b, ',' ORDER BY a) AS all_of FROM t GROUP BY GROUPING SETS ((b), ());
CREATE VIEW v5 AS SELECT t.id, e.key, e.value FROM t, LATERAL jsonb_each_text(t.j) AS e WHERE e.value <> '';
CREATE VIEW v6 AS SELECT id FROM t WHERE a = 1 UNION SELECT id FROM t WHERE a = 2 EXCEPT SELECT up FROM t;
CREATE VIEW v7 AS SELECT t.*, (SELECT max(u.a) FROM t u WHERE u.up = t.id) AS top FROM t LEFT JOIN v6 USING (id);
CREATE VIEW v8 (x, y) AS VALUES (1, 'one'), (2, 'two');
CREATE VIEW v9 AS SELECT extract(year FROM at) AS y, at AT TIME ZONE 'UTC' AS utc, coalesce(b, 'none') AS b, CASE a WHEN 1 THEN 'x' ELSE 'y' END AS k FROM t;

-- case: a view becomes a materialized one
-- both
CREATE TABLE t (a integer);
-- before
CREATE VIEW v AS SELECT a FROM t;
CREATE VIEW w AS SELECT a FROM v;
-- after
CREATE MATERIALIZED VIEW v AS SELECT a FROM t;
CREATE VIEW w AS SELECT a FROM v;

-- case: a view between a table and a function moves to another table
-- before
CREATE TABLE t (a integer);
CREATE VIEW v AS SELECT a FROM t;
CREATE FUNCTION f() RETURNS SETOF v LANGUAGE sql AS 'SELECT * FROM v';
-- after
CREATE TABLE u (a integer);
CREATE VIEW v AS SELECT a FROM u;
CREATE FUNCTION f() RETURNS SETOF v LANGUAGE sql AS 'SELECT * FROM v';

-- case: a view calls a function that reads another view
-- after
CREATE TABLE t (a integer);
CREATE VIEW v AS SELECT a FROM t;
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM v';
CREATE VIEW w AS SELECT f() AS n;

-- case: views on views change in the middle
-- both
CREATE TABLE t (a integer, b integer);
CREATE VIEW v1 AS SELECT a, b FROM t;
-- before
CREATE VIEW v2 AS SELECT a, b FROM v1;
-- after
CREATE VIEW v2 AS SELECT b::text AS b, a FROM v1;
-- both
CREATE VIEW v3 AS SELECT a FROM v2;
CREATE VIEW v4 AS SELECT a FROM v3 WHERE a > 0;
CREATE VIEW beside AS SELECT a FROM v1;

-- case: a view with comments on it and its columns is made anew
-- both
CREATE TABLE t (a integer, b integer);
-- before
CREATE VIEW v AS SELECT a, b FROM t;
-- after
CREATE VIEW v AS SELECT b, a FROM t;
-- both
COMMENT ON VIEW v IS 'said of v';
COMMENT ON COLUMN v.a IS 'said of a';

-- case: a view with a trigger and a rule is made anew
-- both
CREATE TABLE t (a integer, b integer);
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
-- before
CREATE VIEW v AS SELECT a, b FROM t;
-- after
CREATE VIEW v AS SELECT b, a FROM t;
-- both
CREATE TRIGGER g INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION noted();
CREATE RULE r AS ON DELETE TO v DO INSTEAD NOTHING;

-- case: a materialized view is created with an index
-- both
CREATE TABLE t (a integer, b text);
-- after
CREATE MATERIALIZED VIEW m AS SELECT a, count(*) AS n FROM t GROUP BY a;
CREATE UNIQUE INDEX m_a ON m (a);
COMMENT ON COLUMN m.n IS 'times';

-- case: a materialized view is dropped
-- both
CREATE TABLE t (a integer, b text);
-- before
CREATE MATERIALIZED VIEW m AS SELECT a, count(*) AS n FROM t GROUP BY a;
CREATE UNIQUE INDEX m_a ON m (a);

-- case: the query of a materialized view changes
-- both
CREATE TABLE t (a integer, b text);
-- before
CREATE MATERIALIZED VIEW m AS SELECT a, count(*) AS n FROM t GROUP BY a;
-- after
CREATE MATERIALIZED VIEW m AS SELECT a, count(b) AS n FROM t GROUP BY a;
-- both
CREATE INDEX m_n ON m (n);
CREATE VIEW w AS SELECT n FROM m;

-- case: the options of a materialized view change
-- both
CREATE TABLE t (a integer, b text);
-- before
CREATE MATERIALIZED VIEW m WITH (fillfactor = 70) AS SELECT a FROM t;
-- after
CREATE MATERIALIZED VIEW m WITH (fillfactor = 80, autovacuum_enabled = false) AS SELECT a FROM t;

-- case: materialized views on materialized views are created
-- both
CREATE TABLE t (a integer, b text);
-- after
CREATE MATERIALIZED VIEW m1 AS SELECT a FROM t;
CREATE MATERIALIZED VIEW m2 AS SELECT max(a) AS a FROM m1;
CREATE MATERIALIZED VIEW a3 AS SELECT a FROM m2;

-- case: a materialized view without rows is one with rows
-- same
-- both
CREATE TABLE t (a integer, b text);
-- before
CREATE MATERIALIZED VIEW m AS SELECT a FROM t WITH NO DATA;
-- after
CREATE MATERIALIZED VIEW m AS SELECT a FROM t;

-- case: the statistics of a materialized view's column change
-- both
CREATE TABLE t (a integer, b text);
-- before
CREATE MATERIALIZED VIEW m AS SELECT a, b FROM t;
-- after
CREATE MATERIALIZED VIEW m AS SELECT a, b FROM t;
ALTER MATERIALIZED VIEW m ALTER b SET STATISTICS 40;
ALTER MATERIALIZED VIEW m ALTER b SET STORAGE EXTERNAL;

-- case: a materialized view without rows is made anew
-- golden: anew_without_rows
-- before
CREATE TABLE t (a integer);
-- after
CREATE TABLE t (a bigint);
-- both
CREATE MATERIALIZED VIEW m AS SELECT a FROM t WITH NO DATA;
