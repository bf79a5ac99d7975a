-- What moves from one schema to another, as hints tell.

-- case: a table moves to a new schema
-- golden: moved_table
-- before
CREATE TABLE item (id serial PRIMARY KEY, name text NOT NULL);
CREATE INDEX item_name ON item (name);
CREATE VIEW named AS SELECT name FROM item;
-- after
CREATE SCHEMA shop;
-- renamed from: public.item
CREATE TABLE shop.item (id serial PRIMARY KEY, name text NOT NULL);
CREATE INDEX item_name ON shop.item (name);
CREATE VIEW named AS SELECT name FROM shop.item;

-- case: the last table of a schema moves, and the schema goes
-- says: SET SCHEMA public
-- before
CREATE SCHEMA shop;
CREATE TABLE shop.item (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text);
-- after
CREATE TABLE item ( -- renamed from: shop.item
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text
);

-- case: a table moves, has another name and other columns
-- before
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TABLE a.item (id integer PRIMARY KEY, name text, n integer, CONSTRAINT n_check CHECK (n > 0));
CREATE TABLE b.item (id integer PRIMARY KEY);
CREATE TABLE b.part (item integer REFERENCES a.item);
-- after
CREATE SCHEMA a;
CREATE SCHEMA b;
-- renamed from: a.item
CREATE TABLE b.good (
    id integer CONSTRAINT good_pkey PRIMARY KEY,
    title text, -- renamed from: name
    n bigint,
    CONSTRAINT positive CHECK (n > 0) -- renamed from: n_check
);
CREATE TABLE b.item (id integer PRIMARY KEY);
CREATE TABLE b.part (item integer REFERENCES b.good);

-- case: views, types, sequences, functions and statistics move
-- from: 14
-- golden: moved_kinds
-- before
CREATE SCHEMA a;
CREATE TYPE a.mood AS ENUM ('sad', 'glad');
CREATE DOMAIN a.title AS text CHECK (VALUE <> '');
CREATE TYPE a.pair AS (x integer, y integer);
CREATE SEQUENCE a.numbers;
CREATE TABLE t (id integer DEFAULT nextval('a.numbers'), m a.mood, n a.title, p a.pair);
CREATE FUNCTION a.twice(x integer) RETURNS integer LANGUAGE sql RETURN x;
CREATE FUNCTION a.of_mood(x integer) RETURNS a.mood LANGUAGE sql AS $$ SELECT NULL::a.mood $$;
CREATE VIEW a.v AS SELECT id, a.twice(id) AS b FROM t WHERE m > 'sad';
CREATE MATERIALIZED VIEW a.mv AS SELECT id FROM a.v;
CREATE STATISTICS a.s ON id, n FROM t;
-- after
CREATE SCHEMA b;
-- renamed from: a.mood
CREATE TYPE b.mood AS ENUM ('sad', 'glad');
-- renamed from: a.title
CREATE DOMAIN b.title AS text CHECK (VALUE <> '');
-- renamed from: a.pair
CREATE TYPE b.couple AS (x integer, y integer);
-- renamed from: a.numbers
CREATE SEQUENCE b.numbers;
CREATE TABLE t (id integer DEFAULT nextval('b.numbers'), m b.mood, n b.title, p b.couple);
-- renamed from: a.twice
CREATE FUNCTION b.doubled(x integer) RETURNS integer LANGUAGE sql RETURN x;
-- renamed from: a.of_mood
CREATE FUNCTION b.of_mood(x integer) RETURNS b.mood LANGUAGE sql AS $$ SELECT NULL::b.mood $$;
-- renamed from: a.v
CREATE VIEW b.v AS SELECT id, b.doubled(id) AS b FROM t WHERE m > 'sad';
-- renamed from: a.mv
CREATE MATERIALIZED VIEW b.mv AS SELECT id FROM b.v;
-- renamed from: a.s
CREATE STATISTICS b.s ON id, n FROM t;

-- case: two tables of one name change their schemas
-- before
CREATE SCHEMA a;
CREATE TABLE a.t (x integer PRIMARY KEY);
CREATE TABLE t (y text PRIMARY KEY);
-- after
CREATE SCHEMA a;
-- renamed from: public.t
CREATE TABLE a.t (y text PRIMARY KEY);
-- renamed from: a.t
CREATE TABLE t (x integer PRIMARY KEY);

-- case: a schema is renamed, and a table leaves it
-- before
CREATE SCHEMA a;
CREATE TABLE a.t (x integer PRIMARY KEY);
CREATE TABLE a.u (x integer REFERENCES a.t);
-- after
-- renamed from: a
CREATE SCHEMA b;
CREATE TABLE b.t (x integer PRIMARY KEY);
-- renamed from: a.u
CREATE TABLE u (x integer REFERENCES b.t);

-- case: a table with an index of a hint moves
-- before
CREATE SCHEMA a;
CREATE TABLE a.t (x integer, y integer);
CREATE INDEX first ON a.t (x);
CREATE TABLE a.parted (x integer) PARTITION BY LIST (x);
CREATE TABLE a.part PARTITION OF a.parted FOR VALUES IN (1);
-- after
-- renamed from: a.t
CREATE TABLE t (x integer, y integer);
-- renamed from: a.first
CREATE INDEX second ON t (x);
-- renamed from: a.parted
CREATE TABLE parted (x integer) PARTITION BY LIST (x);
-- renamed from: a.part
CREATE TABLE part PARTITION OF parted FOR VALUES IN (1);

-- case: a hint to move what isn't there is refused
-- refused: `a.u` can't be renamed to `t`: neither is there
-- both
CREATE SCHEMA a;
-- before
CREATE TABLE a.t (x integer);
-- after
-- renamed from: a.u
CREATE TABLE t (x integer);

-- case: a hint to move is spent once it is done
-- same
-- before
CREATE TABLE t (x integer);
-- after
-- renamed from: a.t
CREATE TABLE t (x integer);

-- case: a renamed table keeps its sequence beside a new table of its old name
-- golden: renamed_serial
-- rows
-- before
CREATE TABLE t (id serial PRIMARY KEY, n text);
-- after
CREATE TABLE t_old ( -- renamed from: t
  id serial PRIMARY KEY, n text);
CREATE TABLE t (id serial PRIMARY KEY, z text);

-- case: a table that moves keeps its sequence beside a new table in its old schema
-- golden: moved_serial
-- rows
-- before
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TABLE a.t (id serial PRIMARY KEY, n text);
-- after
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TABLE b.t ( -- renamed from: a.t
  id serial PRIMARY KEY, n text);
CREATE TABLE a.t (id serial PRIMARY KEY, z text);

-- case: a table that moves keeps its sequence where its new schema has one of the name
-- golden: moved_serial_taken
-- rows
-- before
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TABLE a.t (id serial PRIMARY KEY, n text);
CREATE SEQUENCE b.t_id_seq;
-- after
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TABLE b.t ( -- renamed from: a.t
  id serial PRIMARY KEY, n text);

-- case: names of tables with sequences go round
-- rows
-- before
CREATE TABLE t (id serial PRIMARY KEY, n text);
CREATE TABLE u (id serial PRIMARY KEY, z text);
-- after
CREATE TABLE u_old ( -- renamed from: u
  id serial PRIMARY KEY, z text);
CREATE TABLE u ( -- renamed from: t
  id serial PRIMARY KEY, n text);

-- case: two tables with identities change their schemas
-- golden: swapped_identities
-- rows
-- hides: _migrate_old__
-- before
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TABLE a.t (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n text);
CREATE TABLE b.t (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, z text);
-- after
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TABLE b.t ( -- renamed from: a.t
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n text);
CREATE TABLE a.t ( -- renamed from: b.t
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, z text);

-- case: a table with an identity moves to where another one has its name
-- golden: chained_identities
-- rows
-- hides: _migrate_old__
-- before
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TABLE a.t (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n text);
CREATE TABLE b.t (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, z text);
-- after
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TABLE b.t ( -- renamed from: a.t
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n text);
CREATE TABLE b.t_old ( -- renamed from: b.t
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, z text);

-- case: tables of three schemas go round
-- golden: three_schemas
-- rows
-- before
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE SCHEMA c;
CREATE TABLE a.t (id integer PRIMARY KEY, x text);
CREATE TABLE b.t (id integer PRIMARY KEY, y text);
CREATE TABLE c.t (id integer PRIMARY KEY, z text);
-- after
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE SCHEMA c;
CREATE TABLE b.t ( -- renamed from: a.t
  id integer PRIMARY KEY, x text);
CREATE TABLE c.t ( -- renamed from: b.t
  id integer PRIMARY KEY, y text);
CREATE TABLE a.t ( -- renamed from: c.t
  id integer PRIMARY KEY, z text);

-- case: tables of three schemas with numbers go round
-- rows
-- hides: _migrate_old__
-- before
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE SCHEMA c;
CREATE TABLE a.t (id serial PRIMARY KEY, x text UNIQUE);
CREATE TABLE b.t (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, y text);
CREATE TABLE c.t (id serial PRIMARY KEY, z text);
CREATE INDEX t_z_idx ON c.t (z);
-- after
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE SCHEMA c;
CREATE TABLE b.t ( -- renamed from: a.t
  id serial PRIMARY KEY, x text UNIQUE);
CREATE TABLE c.t ( -- renamed from: b.t
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, y text);
CREATE TABLE a.t ( -- renamed from: c.t
  id serial PRIMARY KEY, z text);
CREATE INDEX t_z_idx ON a.t (z);

-- case: a table moves beside a sequence that goes, and warnings have the names that users know
-- says: destructive: drops sequence b.t_id_seq with its number
-- hides: _migrate_old__
-- rows
-- before
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TABLE a.t (id serial PRIMARY KEY, n text);
CREATE SEQUENCE b.t_id_seq;
-- after
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TABLE b.t ( -- renamed from: a.t
  id serial PRIMARY KEY, n text);

-- case: a table with an identity moves beside a new one, and comes back
-- golden: moved_identity
-- rows
-- before
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TABLE a.t (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n text);
-- after
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TABLE b.t ( -- renamed from: a.t
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n text);
CREATE TABLE a.t (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, z text);

-- case: a table moves and is renamed where a key of its name stays
-- rows
-- before
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TABLE a.t (id integer PRIMARY KEY, n text);
CREATE TABLE b.t (id integer, CONSTRAINT t_pkey PRIMARY KEY (id));
-- after
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TABLE b.u ( -- renamed from: a.t
  id integer, n text,
  CONSTRAINT mine PRIMARY KEY (id) -- renamed from: t_pkey
);
CREATE TABLE b.t (id integer, CONSTRAINT t_pkey PRIMARY KEY (id));

-- case: two hints that name one table are refused
-- refused: `a.t` can't be renamed to `v`: the hint at schema.sql:2:1 renames it to `u`
-- both
CREATE SCHEMA a;
-- before
CREATE TABLE a.t (x integer);
-- after
-- renamed from: a.t
CREATE TABLE u (x integer);
-- renamed from: a.t
CREATE TABLE v (x integer);

-- case: a hint with too many parts is refused
-- fails: the hint can't be followed: the old name has too many parts: that of a schema stands before it, if any
-- both
CREATE SCHEMA a;
-- before
CREATE TABLE a.t (x integer);
-- after
-- renamed from: a.t.n
CREATE TABLE t (x integer);

-- case: a hint of a column is a name alone, or with its table
-- fails: the hint can't be followed: the old name has too many parts
-- before
CREATE TABLE t (x integer);
-- after
CREATE TABLE t (
    y integer -- renamed from: x.public.t.x
);

-- case: a hint that names the object itself is refused
-- refused: it has that name already
-- both
CREATE SCHEMA b;
-- before
CREATE TABLE b.u (x integer);
-- after
-- renamed from: b.t
CREATE TABLE b.t (x integer);

-- case: a hint that names an object of another kind is refused
-- refused: `a.t` can't be renamed to `b.t`: the old one is a table, and the new one a view
-- both
CREATE SCHEMA a;
CREATE SCHEMA b;
-- before
CREATE TABLE a.t (x integer);
-- after
-- renamed from: a.t
CREATE VIEW b.t AS SELECT 1 AS x;

-- case: a hint of a function has no arguments
-- fails: the old name of a routine stands alone: its arguments are those of the new one
-- both
CREATE SCHEMA a;
CREATE SCHEMA b;
-- before
CREATE FUNCTION a.f(i int) RETURNS int LANGUAGE sql AS 'SELECT 1';
-- after
-- renamed from: a.f(int)
CREATE FUNCTION b.f(i int) RETURNS int LANGUAGE sql AS 'SELECT 1';

-- case: two tables with long names in quotes change their schemas
-- rows
-- before
CREATE SCHEMA a;
CREATE SCHEMA "B b";
CREATE TABLE a."The long name of a table that nobody would ever write by hand" (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n text UNIQUE);
CREATE TABLE "B b"."The long name of a table that nobody would ever write by hand" (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, z text UNIQUE);
-- after
CREATE SCHEMA a;
CREATE SCHEMA "B b";
-- renamed from: a."The long name of a table that nobody would ever write by hand"
CREATE TABLE "B b"."The long name of a table that nobody would ever write by hand" (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n text UNIQUE);
-- renamed from: "B b"."The long name of a table that nobody would ever write by hand"
CREATE TABLE a."The long name of a table that nobody would ever write by hand" (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, z text UNIQUE);

-- case: a materialized view moves with its index, beside a table that takes its name
-- before
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TABLE a.t (id integer);
CREATE MATERIALIZED VIEW a.m AS SELECT id FROM a.t;
CREATE UNIQUE INDEX m_id ON a.m (id);
CREATE TABLE b.m (id integer);
CREATE INDEX m_id ON b.m (id);
-- after
CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE TABLE a.t (id integer);
-- renamed from: a.m
CREATE MATERIALIZED VIEW b.m AS SELECT id FROM a.t;
CREATE UNIQUE INDEX m_id ON b.m (id);
-- renamed from: b.m
CREATE TABLE a.m (id integer);
CREATE INDEX m_id ON a.m (id);

-- case: two partitions change their schemas
-- both
CREATE SCHEMA a;
CREATE SCHEMA b;
-- before
CREATE TABLE a.t (id integer PRIMARY KEY, n text) PARTITION BY RANGE (id);
CREATE INDEX ON a.t (n);
CREATE TABLE a.t1 PARTITION OF a.t FOR VALUES FROM (0) TO (10);
CREATE TABLE b.t1 PARTITION OF a.t FOR VALUES FROM (10) TO (20);
-- after
CREATE TABLE a.t (id integer PRIMARY KEY, n text) PARTITION BY RANGE (id);
CREATE INDEX ON a.t (n);
-- renamed from: a.t1
CREATE TABLE b.t1 PARTITION OF a.t FOR VALUES FROM (0) TO (10);
-- renamed from: b.t1
CREATE TABLE a.t1 PARTITION OF a.t FOR VALUES FROM (10) TO (20);
