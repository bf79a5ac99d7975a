-- Backfills: what an expression names is there, and has its values, when rows are filled.

-- case: a column moves to another table
-- rows
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
-- rows
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
-- rows
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
-- rows
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
-- rows
-- before
CREATE FUNCTION twice(a integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT coalesce(a, 0) * 2';
CREATE TABLE t (o integer);
-- after
CREATE TABLE t (
    o integer,
    c integer NOT NULL -- backfill: twice(o)
);

-- case: a function is made anew that a backfill calls
-- rows
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
-- rows
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
-- rows
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
-- rows
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
-- rows
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

-- case: a view is made of the column that is filled from it
-- refused: the backfill of `t.o` names `v`, which waits for `t.o` in turn
-- before
CREATE TABLE t (id integer, n integer);
-- after
CREATE TABLE t (
    id integer,
    n integer,
    o integer -- backfill: (SELECT max(v.n) FROM v)
);
CREATE VIEW v AS SELECT n, o FROM t;

-- case: a type goes that backfills name
-- rows
-- before
CREATE TYPE old AS ENUM ('x', 'y');
CREATE TABLE t (id integer, n old);
-- after
CREATE TABLE t (
    id integer,
    n text, -- backfill: 'x'::old::text
    o text NOT NULL -- backfill: coalesce((enum_range(NULL::old))[2]::text, 'q')
);

-- case: a chain of tables goes from which rows are filled
-- rows
-- before
CREATE TABLE a (id integer PRIMARY KEY, c integer);
CREATE TABLE b (id integer PRIMARY KEY, a integer REFERENCES a, d integer);
CREATE TABLE t (id integer, b integer REFERENCES b);
CREATE VIEW w AS SELECT a.c, b.d FROM a JOIN b ON b.a = a.id;
-- after
CREATE TABLE t (
    id integer,
    c integer NOT NULL, -- backfill: coalesce((SELECT a.c FROM b JOIN a ON a.id = b.a WHERE b.id = t.b), 0)
    d integer NOT NULL, -- backfill: coalesce((SELECT w.d FROM w LIMIT 1), 0)
    e integer -- backfill: c + d
);

-- case: two tables are filled from columns of each other that go
-- rows
-- before
CREATE TABLE a (id integer PRIMARY KEY, x integer);
CREATE TABLE b (id integer PRIMARY KEY, y integer);
-- after
CREATE TABLE a (
    id integer PRIMARY KEY,
    x2 integer NOT NULL -- backfill: x + coalesce((SELECT y FROM b WHERE b.id = a.id), 0)
);
CREATE TABLE b (
    id integer PRIMARY KEY,
    y2 integer NOT NULL -- backfill: y + coalesce((SELECT x FROM a WHERE a.id = b.id), 0)
);

-- case: a view goes over to the table to which its column moves
-- before
CREATE TABLE o (id integer PRIMARY KEY, c integer);
CREATE TABLE t (id integer, o integer);
CREATE VIEW v AS SELECT id, c FROM o;
CREATE MATERIALIZED VIEW m AS SELECT c FROM o;
-- after
CREATE TABLE o (id integer PRIMARY KEY);
CREATE TABLE t (
    id integer,
    o integer,
    c integer, -- backfill: (SELECT c FROM v WHERE v.id = t.o)
    d integer -- backfill: (SELECT max(c) FROM m)
);
CREATE VIEW v AS SELECT id, c FROM t;
CREATE MATERIALIZED VIEW m AS SELECT c FROM t;

-- case: a view takes the place of the table from which rows are filled
-- rows
-- before
CREATE TABLE o (id integer PRIMARY KEY, c integer);
CREATE TABLE t (id integer, o integer);
-- after
CREATE TABLE t (
    id integer,
    o integer,
    c integer -- backfill: (SELECT c FROM o WHERE o.id = t.o)
);
CREATE VIEW o AS SELECT o AS id, c FROM t;

-- case: a column moves from a table that is renamed
-- before
CREATE TABLE old (id integer PRIMARY KEY, c integer);
CREATE TABLE t (id integer, o integer REFERENCES old);
-- after
CREATE TABLE o ( -- renamed from: old
    id integer PRIMARY KEY
);
CREATE TABLE t (
    id integer,
    o integer REFERENCES o,
    c integer -- backfill: (SELECT o.c FROM o WHERE o.id = t.o)
);

-- case: what a backfill names goes with its schema
-- rows
-- before
CREATE SCHEMA app;
CREATE TABLE app.o (id integer PRIMARY KEY, c integer);
CREATE FUNCTION app.f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT $1';
CREATE TABLE t (id integer, o integer);
-- after
CREATE TABLE t (
    id integer,
    o integer,
    c integer, -- backfill: (SELECT app.o.c FROM app.o WHERE app.o.id = t.o)
    d integer -- backfill: app.f(id)
);

-- case: a column moves to a partitioned table
-- rows
-- before
CREATE TABLE o (id integer PRIMARY KEY, c integer);
CREATE TABLE t (id integer, o integer) PARTITION BY LIST (id);
CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1, 2, 3);
-- after
CREATE TABLE o (id integer PRIMARY KEY);
CREATE TABLE t (
    id integer,
    o integer,
    c integer NOT NULL -- backfill: coalesce((SELECT o.c FROM o WHERE o.id = t.o), 0)
) PARTITION BY LIST (id);
CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1, 2, 3);

-- case: rows are filled from a column of another table that refuses NULL from now on, in use
-- options: online
-- before
CREATE TABLE a (id integer, u integer);
CREATE TABLE z (id integer, k integer);
INSERT INTO a VALUES (1, 1);
INSERT INTO z VALUES (1, NULL);
-- after
CREATE TABLE a (
    id integer,
    u integer,
    m integer NOT NULL -- backfill: (SELECT max(z.k) FROM z)
);
CREATE TABLE z (
    id integer,
    k integer NOT NULL -- backfill: 7
);

-- case: a column that refuses NULL from now on is filled from one that goes, in use
-- rows
-- options: online
-- before
CREATE TABLE o (id integer PRIMARY KEY, c integer);
CREATE TABLE t (id integer, o integer, q integer);
-- after
CREATE TABLE o (id integer PRIMARY KEY);
CREATE TABLE t (
    id integer,
    o integer,
    q integer NOT NULL -- backfill: coalesce((SELECT o.c FROM o WHERE o.id = t.o), 0)
);

-- case: functions come between the columns that are filled
-- before
CREATE TABLE t (id integer);
-- after
CREATE TABLE t (
    id integer,
    c integer, -- backfill: id + 1
    d integer, -- backfill: f()
    e integer -- backfill: g()
);
CREATE FUNCTION f() RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT max(c) FROM t; END;
CREATE FUNCTION g() RETURNS integer LANGUAGE sql AS 'SELECT max(d) FROM t';

-- case: the sequence of a column goes that a backfill draws from
-- rows
-- before
CREATE TABLE o (id serial, c integer);
CREATE TABLE t (id integer);
-- after
CREATE TABLE t (
    id integer,
    d bigint NOT NULL -- backfill: nextval('o_id_seq')
);

-- case: tables become partitions of two levels as columns are filled
-- before
CREATE TABLE t (id integer NOT NULL, n text) PARTITION BY RANGE (id);
CREATE TABLE x (id integer NOT NULL, n text) PARTITION BY RANGE (id);
CREATE TABLE x1 PARTITION OF x FOR VALUES FROM (0) TO (10);
CREATE TABLE y (id integer NOT NULL, n text);
INSERT INTO x VALUES (1, NULL);
INSERT INTO y VALUES (11, NULL);
-- after
CREATE TABLE t (
    id integer NOT NULL,
    n text NOT NULL, -- backfill: 'none'
    z integer NOT NULL -- backfill: id + 1
) PARTITION BY RANGE (id);
CREATE TABLE x PARTITION OF t FOR VALUES FROM (0) TO (100) PARTITION BY RANGE (id);
CREATE TABLE x1 PARTITION OF x FOR VALUES FROM (0) TO (10);
CREATE TABLE y PARTITION OF x FOR VALUES FROM (10) TO (20);

-- case: a table becomes a partition as a column gets another type and values
-- rows
-- before
CREATE TABLE t (id integer NOT NULL, n text) PARTITION BY RANGE (id);
CREATE TABLE x (id integer NOT NULL, n text);
INSERT INTO x VALUES (1, NULL), (2, 'abc');
-- after
CREATE TABLE t (
    id integer NOT NULL,
    n integer NOT NULL -- backfill: coalesce(length(n), 0)
) PARTITION BY RANGE (id);
CREATE TABLE x PARTITION OF t FOR VALUES FROM (0) TO (100);

-- case: a table comes to inherit as columns are filled that are named with the table
-- before
CREATE TABLE p (id integer NOT NULL, n text);
CREATE TABLE x (id integer NOT NULL, n text);
INSERT INTO x VALUES (1, NULL);
-- after
CREATE TABLE p (
    id integer NOT NULL,
    n text NOT NULL, -- backfill: 'none'
    z integer NOT NULL -- backfill: p.id + 1
);
CREATE TABLE x (id integer NOT NULL, n text, z integer) INHERITS (p);

-- case: a column that refuses NULL from now on is filled from one of its own table that goes, in use
-- rows
-- options: online
-- before
CREATE TABLE t (id integer PRIMARY KEY, b text, old text);
INSERT INTO t VALUES (1, NULL, 'x'), (2, NULL, NULL);
-- after
CREATE TABLE t (
    id integer PRIMARY KEY,
    b text NOT NULL -- backfill: coalesce(old, '?')
);

-- case: tables come to inherit over two levels as columns are filled
-- before
CREATE TABLE o (id integer, c integer);
CREATE TABLE p (id integer NOT NULL, n text);
CREATE TABLE x (id integer NOT NULL, n text);
CREATE TABLE p2 (id integer NOT NULL, n text);
INSERT INTO x VALUES (1, NULL);
-- after
CREATE TABLE p (
    id integer NOT NULL,
    n text NOT NULL, -- backfill: 'none'
    z integer NOT NULL -- backfill: coalesce((SELECT o.c FROM o WHERE o.id = p.id), 0)
);
CREATE TABLE p2 (
    id integer NOT NULL,
    n text NOT NULL, -- backfill: 'none2'
    z integer,
    y integer -- backfill: z
) INHERITS (p);
CREATE TABLE x (id integer NOT NULL, n text, z integer, y integer) INHERITS (p2);

-- case: a column of a child becomes one of its parent, too, and refuses NULL
-- rows
-- before
CREATE TABLE p (k integer);
CREATE TABLE c (b integer) INHERITS (p);
INSERT INTO c VALUES (1, NULL);
-- after
CREATE TABLE p (
    k integer,
    b integer NOT NULL -- backfill: 0
);
CREATE TABLE c (b integer) INHERITS (p);

-- case: aggregates, ranges and composite types are made for backfills
-- before
CREATE TABLE t (id integer);
-- after
CREATE FUNCTION plus(a integer, b integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT coalesce(a, 0) + coalesce(b, 0)';
CREATE AGGREGATE total (integer) (SFUNC = plus, STYPE = integer);
CREATE TYPE pair AS (a integer, b integer);
CREATE TYPE rng AS RANGE (SUBTYPE = integer);
CREATE TABLE t (
    id integer,
    a integer NOT NULL, -- backfill: coalesce((SELECT total(i) FROM generate_series(1, 3) AS i), 0)
    b integer NOT NULL, -- backfill: coalesce((ROW(id, 2)::pair).b, 0)
    c integer NOT NULL -- backfill: coalesce(lower(rng(1, 2)), 0)
);

-- case: aggregates, ranges and composite types go that backfills name
-- rows
-- before
CREATE FUNCTION plus(a integer, b integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT coalesce(a, 0) + coalesce(b, 0)';
CREATE AGGREGATE total (integer) (SFUNC = plus, STYPE = integer);
CREATE TYPE pair AS (a integer, b integer);
CREATE TYPE rng AS RANGE (SUBTYPE = integer);
CREATE TABLE t (id integer);
-- after
CREATE TABLE t (
    id integer,
    a integer NOT NULL, -- backfill: coalesce((SELECT total(i) FROM generate_series(1, 3) AS i), 0)
    b integer NOT NULL, -- backfill: coalesce((ROW(id, 2)::pair).b, 0)
    c integer NOT NULL -- backfill: coalesce(lower(rng(1, 2)), 0)
);

-- case: columns of three tables are filled one from another
-- before
CREATE TABLE a (id integer, x integer);
CREATE TABLE b (id integer);
CREATE TABLE c (id integer);
-- after
CREATE TABLE a (
    id integer,
    z integer NOT NULL -- backfill: coalesce((SELECT max(b.y) FROM b), 0)
);
CREATE TABLE b (
    id integer,
    y integer NOT NULL -- backfill: coalesce((SELECT max(c.w) FROM c), 0)
);
CREATE TABLE c (
    id integer,
    w integer NOT NULL -- backfill: coalesce((SELECT max(a.x) FROM a), 0)
);

-- case: columns of three tables are filled in a circle
-- refused: in turn
-- before
CREATE TABLE a (id integer);
CREATE TABLE b (id integer);
CREATE TABLE c (id integer);
-- after
CREATE TABLE a (
    id integer,
    z integer NOT NULL -- backfill: coalesce((SELECT max(b.y) FROM b), 0)
);
CREATE TABLE b (
    id integer,
    y integer NOT NULL -- backfill: coalesce((SELECT max(c.w) FROM c), 0)
);
CREATE TABLE c (
    id integer,
    w integer NOT NULL -- backfill: coalesce((SELECT max(a.z) FROM a), 0)
);

-- case: two tables are filled from columns of the same name
-- rows
-- before
CREATE TABLE a (id integer, c integer);
CREATE TABLE b (id integer, c integer);
INSERT INTO a VALUES (1, 2);
INSERT INTO b VALUES (1, 2);
-- after
CREATE TABLE a (
    id integer,
    d integer NOT NULL -- backfill: coalesce((SELECT max(b.c) FROM b WHERE b.id = a.id), a.c, 0)
);
CREATE TABLE b (
    id integer,
    d integer NOT NULL -- backfill: coalesce((SELECT max(a.c) FROM a WHERE a.id = b.id), b.c, 0)
);

-- case: a table is made anew from which rows are filled
-- rows
-- before
CREATE TABLE o (id integer PRIMARY KEY, c integer);
CREATE TABLE t (id integer, o integer);
-- after
CREATE TABLE o (id integer PRIMARY KEY, e integer) PARTITION BY RANGE (id);
CREATE TABLE t (
    id integer,
    o integer,
    c integer -- backfill: (SELECT o.c FROM o WHERE o.id = t.o)
);

-- case: a table with deferred keys goes from which rows under triggers are filled
-- rows
-- before
CREATE TABLE o (id integer PRIMARY KEY, c integer);
CREATE TABLE t (id integer, o integer REFERENCES o ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED);
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;
CREATE TRIGGER note BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION noted();
INSERT INTO o VALUES (1, 2);
INSERT INTO t VALUES (1, 1);
-- after
CREATE TABLE t (
    id integer,
    c integer -- backfill: (SELECT o.c FROM o WHERE o.id = t.o)
);

-- case: columns are filled from one that gets another type as its values were
-- before
CREATE TABLE t (c text);
INSERT INTO t VALUES ('Ab'), (NULL);
-- after
CREATE TABLE t (
    b text, -- backfill: upper(c)
    c integer, -- backfill: length(c)
    z text -- backfill: lower(c)
);

-- case: columns are filled from one that gets another type as its values are then
-- rows
-- before
CREATE TABLE t (c text);
INSERT INTO t VALUES ('Ab'), (NULL);
-- after
CREATE TABLE t (
    b integer, -- backfill: c + 1
    c integer, -- backfill: length(c)
    z integer -- backfill: c - 1
);

-- case: a table is filled from columns of another one that get other types
-- rows
-- before
CREATE TABLE a (id integer);
CREATE TABLE o (c text, d numeric);
CREATE TABLE z (id integer);
-- after
CREATE TABLE a (
    id integer,
    n text -- backfill: (SELECT min(lower(o.c)) FROM o)
);
CREATE TABLE o (
    c integer, -- backfill: length(c)
    d integer
);
CREATE TABLE z (
    id integer,
    n text -- backfill: (SELECT min(lower(o.c)) || sum(o.d) FROM o)
);

-- case: a row of the own table is kept as a whole
-- rows
-- golden: backfill_of_own_row
-- before
CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer);
INSERT INTO t VALUES (1, 2, 3);
-- after
CREATE TABLE t (
    id integer PRIMARY KEY,
    j jsonb NOT NULL, -- backfill: to_jsonb(t) - 'id'
    CHECK (j ? 'a' AND j ? 'b')
);

-- case: whole rows of the own table are kept as texts by two columns
-- rows
-- before
CREATE TABLE "T" (id integer PRIMARY KEY, a text, b integer);
INSERT INTO "T" VALUES (1, '2', 3);
-- after
CREATE TABLE "T" (
    id integer PRIMARY KEY,
    b text,
    j text NOT NULL CHECK (j LIKE '(%,%,%'), -- backfill: "T"::text
    k text NOT NULL CHECK (k LIKE '(%,%,%') -- backfill: row("T".*)::text
);

-- case: a row of another table is kept as a whole
-- rows
-- golden: backfill_of_other_row
-- before
CREATE TABLE o (id integer PRIMARY KEY, c integer);
CREATE TABLE t (id integer PRIMARY KEY);
INSERT INTO o VALUES (1, 10);
INSERT INTO t VALUES (1), (2);
-- after
CREATE TABLE o (id integer PRIMARY KEY);
CREATE TABLE t (
    id integer PRIMARY KEY,
    j jsonb CHECK (j ? 'c') -- backfill: (SELECT to_jsonb(o) FROM o WHERE o.id = t.id)
);

-- case: whole rows of other tables are kept by columns that aren't named
-- before
CREATE TABLE o (id integer PRIMARY KEY, c integer);
CREATE TABLE p (id integer, k integer);
CREATE TABLE q (k integer, n integer);
CREATE TABLE t (id integer PRIMARY KEY);
INSERT INTO o VALUES (1, 10);
INSERT INTO p VALUES (1, 1);
INSERT INTO q VALUES (2, 1);
INSERT INTO t VALUES (1);
-- after
CREATE TABLE o (id integer PRIMARY KEY);
CREATE TABLE p (id integer);
CREATE TABLE q (k integer, n integer);
CREATE TABLE t (
    id integer PRIMARY KEY,
    a text CHECK (a LIKE '(%,%)'), -- backfill: (SELECT string_agg(x::text, '') FROM (SELECT * FROM o) x)
    b text CHECK (b LIKE '(%,%)'), -- backfill: (SELECT string_agg(x::text, '') FROM (TABLE public.o) x)
    c bigint CHECK (c = 0) -- backfill: (SELECT count(*) FROM p NATURAL JOIN q)
);

-- case: a function of the whole row fills and goes
-- rows
-- before
CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer);
CREATE FUNCTION s(x t) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT coalesce(x.a, 2) / 2 + coalesce(x.b, 2) / 2';
INSERT INTO t VALUES (1, 2, 3);
-- after
CREATE TABLE t (
    id integer PRIMARY KEY,
    c integer NOT NULL -- backfill: s(t)
);

-- case: rows of a renamed table are kept as a whole before a type changes
-- rows
-- before
CREATE TABLE old (id integer PRIMARY KEY, a numeric NOT NULL, b integer);
INSERT INTO old VALUES (1, 2.0, 3);
-- after
CREATE TABLE t ( -- renamed from: old
    id integer PRIMARY KEY,
    a integer NOT NULL,
    c jsonb NOT NULL CHECK (c ? 'b') -- backfill: to_jsonb(t)
);

-- case: rows of a table that refuse NULL from now on are filled as a whole, in use
-- options: online
-- before
CREATE TABLE o (id integer PRIMARY KEY, c integer);
CREATE TABLE t (id integer PRIMARY KEY, j text);
INSERT INTO o VALUES (1, 10);
INSERT INTO t VALUES (1, NULL);
-- after
CREATE TABLE o (id integer PRIMARY KEY);
CREATE TABLE t (
    id integer PRIMARY KEY,
    j text NOT NULL CHECK (j LIKE '(%,%)') -- backfill: (SELECT o::text FROM o WHERE o.id = t.id)
);

-- case: rows are kept as a whole as a table becomes a partition
-- before
CREATE TABLE t (id integer NOT NULL, j text NOT NULL) PARTITION BY RANGE (id);
CREATE TABLE x (id integer NOT NULL, a integer, j text);
INSERT INTO x VALUES (1, 2, NULL);
-- after
CREATE TABLE t (
    id integer NOT NULL,
    j text NOT NULL CHECK (j LIKE '(%,%,%)') -- backfill: t::text
) PARTITION BY RANGE (id);
CREATE TABLE x PARTITION OF t FOR VALUES FROM (0) TO (100);
