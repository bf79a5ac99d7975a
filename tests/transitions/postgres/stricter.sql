-- Rules that become stricter: what rows can break is said, with a query where there is one.

-- case: a table that is made anew has no rows in the way
-- before
CREATE TABLE t (id integer PRIMARY KEY, d date);
-- after
CREATE TABLE t (id integer, d date, PRIMARY KEY (id, d)) PARTITION BY RANGE (d);
-- hides: Fails if rows don't fit

-- case: stricter: a domain gets a check
-- before
CREATE DOMAIN d AS text;
CREATE TABLE t (a d);
-- after
CREATE DOMAIN d AS text CONSTRAINT short CHECK (length(VALUE) < 3);
CREATE TABLE t (a d);
-- says: To find them: SELECT * FROM public.t WHERE NOT (length(a) < 3)

-- case: stricter: a domain refuses NULL
-- before
CREATE DOMAIN d AS text;
CREATE TABLE t (a d);
-- after
CREATE DOMAIN d AS text NOT NULL;
CREATE TABLE t (a d);
-- says: To find them: SELECT * FROM public.t WHERE a IS NULL

-- case: stricter: an exclusion is added
-- before
CREATE TABLE t (d daterange);
-- after
CREATE TABLE t (d daterange, CONSTRAINT apart EXCLUDE USING gist (d WITH &&));
-- says: Fails if rows don't fit: apart of t excludes some rows

-- case: stricter: an index on an expression is unique
-- before
CREATE TABLE t (e text);
-- after
CREATE TABLE t (e text);
CREATE UNIQUE INDEX u ON t (lower(e));
-- says: SELECT (lower(e)), count(*) FROM public.t WHERE (lower(e)) IS NOT NULL GROUP BY (lower(e)) HAVING count(*) > 1

-- case: stricter: a unique column takes whole numbers
-- before
CREATE TABLE t (n numeric(6, 3) UNIQUE);
-- after
CREATE TABLE t (n numeric(6, 1) UNIQUE);
-- says: SELECT n::numeric(6,1), count(*) FROM public.t WHERE n::numeric(6,1) IS NOT NULL GROUP BY

-- case: stricter: a unique column gets a collation by which more is equal
-- both
CREATE COLLATION same (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
-- before
CREATE TABLE t (n text UNIQUE);
-- after
CREATE TABLE t (n text COLLATE same UNIQUE);
-- says: SELECT (n COLLATE public.same), count(*) FROM public.t

-- case: stricter: a partition comes beside the default one
-- both
CREATE TABLE t (id integer) PARTITION BY LIST (id);
CREATE TABLE t0 PARTITION OF t DEFAULT;
-- after
CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1, 2);
-- says: no row of t0 belongs in t1. To find them: SELECT * FROM public.t0 WHERE id IN (1, 2)

-- case: stricter: the bound of a partition gets narrower
-- before
CREATE TABLE t (d date) PARTITION BY RANGE (d);
CREATE TABLE t1 PARTITION OF t FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
-- after
CREATE TABLE t (d date) PARTITION BY RANGE (d);
CREATE TABLE t1 PARTITION OF t FOR VALUES FROM ('2020-01-01') TO ('2020-07-01');
-- says: SELECT * FROM public.t1 WHERE (d >= '2020-01-01' AND d < '2020-07-01') IS NOT TRUE

-- case: stricter: types get narrower
-- before
CREATE TABLE t (a varchar(30), b bigint, c numeric(10, 2), d text);
-- after
CREATE TABLE t (a varchar(12), b integer, c numeric(10, 4), d integer);
-- says: SELECT * FROM public.t WHERE length(rtrim(a::text, ' ')) > 12
-- says: SELECT * FROM public.t WHERE b NOT BETWEEN -2147483648 AND 2147483647
-- says: SELECT * FROM public.t WHERE abs(round(c::numeric, 4)) >= 1e6
-- says: the values of t.d have to fit in integer

-- case: stricter: a check is about a generated column that changes
-- before
CREATE TABLE t (a integer, b integer GENERATED ALWAYS AS (a + 1) STORED, CONSTRAINT low CHECK (b < 100));
-- after
CREATE TABLE t (a integer, b integer GENERATED ALWAYS AS (a + 2) STORED, CONSTRAINT low CHECK (b < 100));
-- says: Fails if rows don't fit: CHECK (b < 100) of t

-- case: stricter: a check is about an enum in another order
-- before
CREATE TYPE e AS ENUM ('a', 'b');
CREATE TABLE t (a e, CONSTRAINT low CHECK (a < 'b'));
-- after
CREATE TYPE e AS ENUM ('b', 'a');
CREATE TABLE t (a e, CONSTRAINT low CHECK (a < 'b'));
-- says: Fails if rows don't fit: CHECK

-- case: stricter: no rows overlap from now on
-- from: 18
-- before
CREATE EXTENSION btree_gist;
CREATE TABLE r (id int4range, during daterange);
-- after
CREATE EXTENSION btree_gist;
CREATE TABLE r (id int4range, during daterange, UNIQUE (id, during WITHOUT OVERLAPS));
-- says: WHERE isempty(during) OR EXISTS (SELECT 1 FROM public.r AS _other WHERE _one.id = _other.id AND _one.during && _other.during

-- case: stricter: rows cover the times of others from now on
-- from: 18
-- both
CREATE EXTENSION btree_gist;
CREATE TABLE r (id int4range, during daterange, PRIMARY KEY (id, during WITHOUT OVERLAPS));
-- before
CREATE TABLE t (rid int4range, d daterange);
-- after
CREATE TABLE t (rid int4range, d daterange, FOREIGN KEY (rid, PERIOD d) REFERENCES r (id, PERIOD during));
-- says: (_child.d <@ (SELECT range_agg(_parent.during) FROM public.r AS _parent WHERE _parent.id = _child.rid)) IS NOT TRUE

-- case: stale: a function changes that an index, a generated column and a check use
-- both
CREATE TABLE t (x integer);
-- before
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a + 1';
-- after
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a + 1 - 0';
-- both
ALTER TABLE t ADD y integer GENERATED ALWAYS AS (f(x)) STORED;
ALTER TABLE t ADD CONSTRAINT high CHECK (f(x) > -1000);
CREATE INDEX i ON t (f(x));
-- says: REINDEX INDEX for public.i; make t.y anew; look whether rows keep to CHECK high of t
