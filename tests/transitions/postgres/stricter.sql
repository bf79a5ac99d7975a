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

-- case: stricter: a backfill reads a column of that name in another table
-- before
CREATE TABLE o (id integer PRIMARY KEY, c integer);
CREATE TABLE t (id integer PRIMARY KEY, o integer);
-- after
CREATE TABLE o (id integer PRIMARY KEY, c integer);
CREATE TABLE t (
    id integer PRIMARY KEY, o integer,
    c integer NOT NULL -- backfill: (SELECT o.c FROM o WHERE o.id = t.o)
);
-- says: To find them: SELECT * FROM public.t WHERE (SELECT o.c FROM o WHERE o.id = t.o) IS NULL

-- case: stricter: a backfill takes the greatest value of a column of that name
-- before
CREATE TABLE o (id integer PRIMARY KEY, c integer);
CREATE TABLE t (id integer PRIMARY KEY);
-- after
CREATE TABLE o (id integer PRIMARY KEY, c integer);
CREATE TABLE t (
    id integer PRIMARY KEY,
    c integer NOT NULL -- backfill: (SELECT max(c) FROM o)
);
-- says: To find them: SELECT * FROM public.t WHERE (SELECT max(c) FROM o) IS NULL

-- case: stricter: a backfill can't be NULL
-- before
CREATE TABLE t (id integer PRIMARY KEY, n text NOT NULL);
-- after
CREATE TABLE t (
    id integer PRIMARY KEY, n text NOT NULL,
    m text NOT NULL, -- backfill: upper(t.n) || '-' || id::text
    k integer NOT NULL -- backfill: length(m)
);
-- hides: Fails if rows don't fit

-- case: stricter: a type gets narrower in a column that is filled
-- before
CREATE TABLE t (id integer PRIMARY KEY, n integer, m text);
-- after
CREATE TYPE size AS ENUM ('s', 'm');
CREATE TABLE t (
    id integer PRIMARY KEY,
    n smallint NOT NULL, -- backfill: 0
    m size NOT NULL -- backfill: 's'
);
-- says: the values of t.n have to fit in smallint. To find them: SELECT * FROM public.t WHERE n NOT BETWEEN -32768 AND 32767
-- says: the values of t.m have to fit in public.size

-- case: stricter: a column that refuses NULL gets another type by an expression
-- before
CREATE TABLE t (id integer PRIMARY KEY, n text NOT NULL, m text NOT NULL);
-- after
CREATE TABLE t (
    id integer PRIMARY KEY,
    n integer NOT NULL, -- backfill: nullif(length(n), 1)
    m integer NOT NULL -- backfill: length(m)
);
-- says: t.n is NOT NULL, and nullif(length(n), 1) can be NULL. To find them: SELECT * FROM public.t WHERE (nullif(length(n), 1)) IS NULL
-- hides: length(m) can be NULL

-- case: stricter: filled columns are unique
-- before
CREATE TABLE t (id integer PRIMARY KEY, n text);
-- after
CREATE TABLE t (
    id integer PRIMARY KEY, n text,
    a text UNIQUE, -- backfill: lower(n)
    b text NOT NULL UNIQUE, -- backfill: 'x'
    c text NOT NULL DEFAULT 'y' UNIQUE,
    d integer, -- backfill: length(n)
    e int4range, -- backfill: int4range(0, length(n))
    EXCLUDE USING gist (e WITH &&)
);
CREATE UNIQUE INDEX low ON t ((d + 1)) WHERE d > 0;
-- says: t becomes UNIQUE by a. To find them: SELECT a, count(*) FROM (SELECT *, CAST(lower(n) AS text) AS a FROM public.t) AS _row WHERE a IS NOT NULL GROUP BY a
-- says: SELECT b, count(*) FROM (SELECT *, CAST('x' AS text) AS b FROM public.t) AS _row
-- says: t becomes UNIQUE by c
-- says: index low of t is UNIQUE. To find them: SELECT ((d + 1)), count(*) FROM (SELECT *, CAST(length(n) AS integer) AS d FROM public.t) AS _row WHERE
-- says: t_e_excl of t excludes some rows

-- case: stricter: a filled column becomes the key
-- before
CREATE TABLE t (id integer, n text);
-- after
CREATE TABLE t (
    id integer, n text,
    k integer PRIMARY KEY -- backfill: id
);
-- says: t has the primary key (k). To find them: SELECT k, count(*) FROM (SELECT *, CAST(id AS integer) AS k FROM public.t) AS _row WHERE k IS NOT NULL GROUP BY k

-- case: stricter: filled columns are checked
-- before
CREATE TABLE t (id integer PRIMARY KEY, n text);
-- after
CREATE TABLE t (
    id integer PRIMARY KEY, n text,
    a text CHECK (a <> 'bad'), -- backfill: n
    b integer NOT NULL DEFAULT 0,
    CHECK (b >= id)
);
-- says: CHECK (a <> 'bad'::text) of t. To find them: SELECT * FROM (SELECT *, CAST(n AS text) AS a FROM public.t) AS _row WHERE NOT (a <> 'bad'::text)
-- says: SELECT * FROM (SELECT *, CAST(0 AS integer) AS b FROM public.t) AS _row WHERE NOT (b >= id)

-- case: stricter: filled columns refer to others
-- before
CREATE TABLE o (id integer PRIMARY KEY, c integer);
CREATE TABLE t (id integer PRIMARY KEY, n text);
-- after
CREATE TABLE o (id integer PRIMARY KEY, c integer);
CREATE TABLE t (
    id integer PRIMARY KEY, n text,
    up integer REFERENCES t, -- backfill: id + 1
    a integer NOT NULL DEFAULT 0 REFERENCES o,
    b integer REFERENCES o -- backfill: (SELECT o.id FROM o WHERE o.c = t.id)
);
-- says: t (up) has to refer to t. To find them: SELECT * FROM (SELECT *, CAST(id + 1 AS integer) AS up FROM public.t) AS _child WHERE _child.up IS NOT NULL AND NOT EXISTS (SELECT 1 FROM public.t AS _parent WHERE _parent.id = _child.up)
-- says: t (a) has to refer to o. To find them: SELECT * FROM (SELECT *, CAST(0 AS integer) AS a FROM public.t) AS _child
-- hides: t (b) has to refer

-- case: stricter: new columns can't break their rules
-- before
CREATE TABLE o (id integer PRIMARY KEY, c integer);
CREATE TABLE t (id integer PRIMARY KEY, n text);
-- after
CREATE TABLE o (id integer PRIMARY KEY, c integer);
CREATE TABLE t (
    id integer PRIMARY KEY, n text,
    a text UNIQUE CHECK (a <> 'bad'),
    b integer REFERENCES o,
    c bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    d bigserial UNIQUE,
    e uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
    f text NOT NULL DEFAULT 'new' CHECK (f IN ('new', 'old')),
    UNIQUE (id, f)
);
-- hides: Fails if rows don't fit

-- case: stricter: a unique column that is filled refuses NULL
-- before
CREATE TABLE t (id integer PRIMARY KEY, n text UNIQUE, m text CHECK (m <> ''));
-- after
CREATE TABLE t (
    id integer PRIMARY KEY,
    n text NOT NULL UNIQUE, -- backfill: 'x'
    m text NOT NULL CHECK (m <> '') -- backfill: 'y'
);
-- says: t becomes UNIQUE by n. To find them: SELECT n, count(*) FROM (SELECT id, m, COALESCE(n, 'x') AS n FROM public.t) AS _row WHERE n IS NOT NULL GROUP BY n
-- hides: CHECK

-- case: stricter: a column is filled from what has another name afterwards
-- before
CREATE TABLE o (id integer PRIMARY KEY, c integer);
CREATE TABLE t (id integer PRIMARY KEY, n text);
-- after
CREATE TABLE o (id integer PRIMARY KEY, c integer);
-- renamed from: t
CREATE TABLE s (
    id integer PRIMARY KEY,
    m text, -- renamed from: n
    a text UNIQUE -- backfill: lower(m)
);
-- says: SELECT a, count(*) FROM (SELECT *, CAST(lower(m) AS text) AS a FROM (SELECT *, n AS m FROM public.t) AS s) AS _row

-- case: stricter: a column of all partitions is filled and checked
-- before
CREATE TABLE t (id integer, n integer) PARTITION BY RANGE (id);
CREATE TABLE x PARTITION OF t DEFAULT;
-- after
CREATE TABLE t (
    id integer, n integer,
    z integer CHECK (z > 0), -- backfill: n
    UNIQUE (id, z)
) PARTITION BY RANGE (id);
CREATE TABLE x PARTITION OF t DEFAULT;
-- says: CHECK (z > 0) of t. To find them: SELECT * FROM (SELECT *, CAST(n AS integer) AS z FROM public.t) AS _row WHERE NOT (z > 0)
-- hides: FROM public.x

-- case: stricter: columns get a domain with a check
-- both
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
-- before
CREATE TABLE t (id integer PRIMARY KEY, n smallint);
-- after
CREATE TABLE t (
    id integer PRIMARY KEY,
    n positive,
    m positive, -- backfill: id
    k positive DEFAULT 1,
    l positive
);
-- says: CHECK (VALUE > 0) of positive for t.n. To find them: SELECT * FROM public.t WHERE NOT (CAST(n AS integer) > 0)
-- says: CHECK (VALUE > 0) of positive for t.m
-- hides: for t.k
-- hides: for t.l

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
