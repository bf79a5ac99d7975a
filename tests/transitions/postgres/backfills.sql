-- Backfills: what an expression names is there, and has its values, when rows are filled.

-- case: a column moves to another table
-- golden: column_moves
-- before
CREATE TABLE o (id integer PRIMARY KEY, c integer);
CREATE TABLE t (id integer, o integer REFERENCES o);
INSERT INTO o VALUES (1, 7);
INSERT INTO t VALUES (1, 1);
-- after
CREATE TABLE o (id integer PRIMARY KEY);
CREATE TABLE t (
    id integer,
    o integer REFERENCES o,
    c integer NOT NULL -- backfill: coalesce((SELECT o.c FROM o WHERE o.id = t.o), 0)
);

-- case: a column moves to a table of a later name
-- before
CREATE TABLE "T" (id integer PRIMARY KEY, "C" integer);
CREATE TABLE zoo (id integer, o integer REFERENCES "T");
-- after
CREATE TABLE "T" (id integer PRIMARY KEY);
CREATE TABLE zoo (
    id integer,
    o integer REFERENCES "T",
    c integer NOT NULL -- backfill: coalesce((SELECT "C" FROM "T" WHERE "T".id = zoo.o), 0)
);

-- case: a table goes from which rows of another one are filled
-- before
CREATE TABLE o (id integer PRIMARY KEY, c integer);
CREATE TABLE t (id integer, o integer REFERENCES o);
CREATE VIEW v AS SELECT c FROM o;
-- after
CREATE TABLE t (
    id integer,
    c integer NOT NULL -- backfill: coalesce((SELECT c FROM o WHERE o.id = t.o), 0)
);

-- case: views and sequences go from which rows are filled
-- before
CREATE SEQUENCE "S";
CREATE TABLE o (id integer PRIMARY KEY, c integer);
CREATE TABLE t (id integer, o integer);
CREATE VIEW v AS SELECT id, c FROM o;
CREATE MATERIALIZED VIEW m AS SELECT id, c FROM o;
-- after
CREATE TABLE o (id integer PRIMARY KEY);
CREATE TABLE t (
    id integer,
    o integer,
    b integer NOT NULL, -- backfill: coalesce((SELECT c FROM v WHERE v.id = t.o), 0)
    c integer NOT NULL, -- backfill: coalesce((SELECT max(c) FROM public.m), 0)
    d bigint NOT NULL -- backfill: nextval('public."S"')
);

-- case: a function is made for a backfill
-- golden: backfill_by_function
-- before
CREATE TABLE t (o integer);
INSERT INTO t VALUES (1), (2);
-- after
CREATE FUNCTION twice(a integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT coalesce(a, 0) * 2';
CREATE TABLE t (
    o integer,
    c integer NOT NULL -- backfill: twice(o)
);

-- case: a function goes that a backfill calls
-- before
CREATE FUNCTION twice(a integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT coalesce(a, 0) * 2';
CREATE TABLE t (o integer);
-- after
CREATE TABLE t (
    o integer,
    c integer NOT NULL -- backfill: twice(o)
);

-- case: a function is made anew that a backfill calls
-- before
CREATE FUNCTION f(a integer) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ''a''::text';
CREATE TABLE t (o integer);
-- after
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT coalesce(a, 0) * 2';
CREATE TABLE t (
    o integer,
    c integer NOT NULL -- backfill: f(o)
);

-- case: a function gets another body that a backfill calls
-- before
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT NULL::integer';
CREATE TABLE t (o integer);
INSERT INTO t VALUES (1);
-- after
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT coalesce(a, 0) * 2';
CREATE TABLE t (
    o integer,
    c integer NOT NULL -- backfill: f(o)
);

-- case: a type changes by a function that comes
-- before
CREATE TABLE t (o text);
-- after
CREATE FUNCTION size(a text) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT length(a)';
CREATE TABLE t (
    o integer -- backfill: size(o)
);

-- case: types, sequences and views are made for backfills
-- before
CREATE TABLE a (id integer, n integer);
-- after
CREATE TYPE mood AS ENUM ('x', 'y');
CREATE DOMAIN low AS integer CHECK (VALUE < 10);
CREATE SEQUENCE s;
CREATE TABLE a (
    id integer,
    n integer,
    k text NOT NULL, -- backfill: 'y'::mood::text
    l integer NOT NULL, -- backfill: least(n, 9)::low + coalesce(n, 0) * 0 + coalesce(NULL, 1)
    m bigint NOT NULL, -- backfill: nextval('s')
    o integer NOT NULL, -- backfill: coalesce((SELECT sum(n)::integer FROM v), 0)
    p integer NOT NULL -- backfill: coalesce((SELECT sum(n)::integer FROM w), 0)
);
CREATE VIEW v AS SELECT n FROM a;
CREATE MATERIALIZED VIEW w AS SELECT n FROM a;

-- case: rows are filled from columns of another table that are filled
-- before
CREATE TABLE a (id integer, u integer);
CREATE TABLE u (id integer, k integer);
-- after
CREATE TABLE a (
    id integer,
    u integer,
    n integer NOT NULL, -- backfill: coalesce((SELECT max(u.n) FROM u WHERE u.id = a.u), 0)
    m integer NOT NULL -- backfill: coalesce((SELECT max(u.k) FROM u WHERE u.id = a.u), 0)
);
CREATE TABLE u (
    id integer,
    k integer NOT NULL, -- backfill: 7
    n integer NOT NULL -- backfill: k + 1
);

-- case: a child is filled from a new column of its parent
-- golden: backfill_of_child
-- before
CREATE TABLE p (k integer);
CREATE TABLE c () INHERITS (p);
INSERT INTO c VALUES (1);
-- after
CREATE TABLE p (
    k integer,
    b integer NOT NULL -- backfill: coalesce(k, 0) + 1
);
CREATE TABLE c (
    z integer NOT NULL -- backfill: b + 1
) INHERITS (p);

-- case: a child is filled from a column of its parent that refuses NULL from now on
-- before
CREATE TABLE p (k integer, b integer);
CREATE TABLE c () INHERITS (p);
INSERT INTO c VALUES (1);
-- after
CREATE TABLE p (
    k integer,
    b integer NOT NULL -- backfill: coalesce(k, 0) + 1
);
CREATE TABLE c (
    z integer NOT NULL -- backfill: b + 1
) INHERITS (p);

-- case: columns are filled from each other in a circle
-- refused: the backfill of `t.b` names `t.a`, which waits for `t.b` in turn
-- before
CREATE TABLE t (id integer);
-- after
CREATE TABLE t (
    id integer,
    a integer NOT NULL, -- backfill: coalesce(b, 1)
    b integer NOT NULL, -- backfill: coalesce(a, 2)
    c integer NOT NULL -- backfill: coalesce(a, 3)
);

-- case: what looks like a circle of backfills is none
-- before
CREATE TABLE u (b integer);
CREATE TABLE t (id integer);
-- after
CREATE TABLE u (b integer);
CREATE TABLE t (
    id integer,
    a integer NOT NULL, -- backfill: coalesce((SELECT max(b) FROM u), 1)
    b integer NOT NULL -- backfill: coalesce(a, 2)
);

-- case: a constant for NULL leaves values whose type changes, in use
-- options: online
-- hides: USING (0)
-- before
CREATE TABLE t (id integer PRIMARY KEY, b integer, c text);
INSERT INTO t VALUES (1, 5, 'x');
-- after
CREATE TABLE t (
    id integer PRIMARY KEY,
    b bigint NOT NULL, -- backfill: 0
    c varchar(20) NOT NULL -- backfill: upper('none')
);

-- case: a table becomes a partition as columns of its parent are filled
-- golden: backfill_and_attach
-- before
CREATE TABLE t (id integer NOT NULL, n text) PARTITION BY RANGE (id);
CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (100) TO (200);
CREATE TABLE x (id integer NOT NULL, n text);
INSERT INTO x VALUES (1, NULL);
-- after
CREATE TABLE t (
    id integer NOT NULL,
    n text NOT NULL, -- backfill: 'none'
    z integer NOT NULL -- backfill: id + 1
) PARTITION BY RANGE (id);
CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (100) TO (200);
CREATE TABLE x PARTITION OF t FOR VALUES FROM (0) TO (100);
