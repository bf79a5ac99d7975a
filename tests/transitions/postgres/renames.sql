-- What has another name, as hints tell.

-- case: a table and its columns are renamed
-- before
CREATE TABLE person (id serial PRIMARY KEY, name text NOT NULL CHECK (name <> ''), age integer);
CREATE INDEX person_age ON person (age);
CREATE VIEW adult AS SELECT name FROM person WHERE age > 17;
-- after
-- renamed from: person
CREATE TABLE member (
    id serial PRIMARY KEY,
    full_name text NOT NULL CHECK (full_name <> ''), -- renamed from: name
    age integer
);
-- renamed from: person_age
CREATE INDEX member_age ON member (age);
CREATE VIEW adult AS SELECT full_name AS name FROM member WHERE age > 17;

-- case: two tables swap their names
-- before
CREATE TABLE one (a integer PRIMARY KEY);
CREATE TABLE two (b text);
-- after
-- renamed from: two
CREATE TABLE one (b text);
-- renamed from: one
CREATE TABLE two (a integer PRIMARY KEY);

-- case: constraints are renamed
-- golden: renamed_constraints
-- before
CREATE TABLE author (id integer, CONSTRAINT a_key PRIMARY KEY (id));
CREATE TABLE book (
    isbn text, by integer,
    CONSTRAINT b_unique UNIQUE (isbn),
    CONSTRAINT b_check CHECK (isbn <> ''),
    CONSTRAINT b_by FOREIGN KEY (by) REFERENCES author
);
-- after
CREATE TABLE author (
    id integer,
    CONSTRAINT author_key PRIMARY KEY (id) -- renamed from: a_key
);
CREATE TABLE book (
    isbn text, by integer,
    CONSTRAINT isbn_unique UNIQUE (isbn), -- renamed from: b_unique
    CONSTRAINT isbn_check CHECK (isbn <> 'none'), -- renamed from: b_check
    CONSTRAINT written_by FOREIGN KEY (by) REFERENCES author -- renamed from: b_by
);

-- case: types of all kinds are renamed
-- from: 14
-- golden: renamed_types
-- before
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE DOMAIN title AS text CHECK (VALUE <> '');
CREATE TYPE pair AS (a integer, b text);
CREATE TYPE span AS RANGE (subtype = integer);
CREATE TABLE t (m mood DEFAULT 'sad', n title, p pair, s span, all_of mood[]);
CREATE VIEW v AS SELECT m, n FROM t WHERE m > 'sad';
-- after
-- renamed from: mood
CREATE TYPE feeling AS ENUM ('sad', 'glad');
-- renamed from: title
CREATE DOMAIN heading AS text CHECK (VALUE <> '');
-- renamed from: pair
CREATE TYPE couple AS (a integer, b text);
-- renamed from: span
CREATE TYPE stretch AS RANGE (subtype = integer, multirange_type_name = span_multirange);
CREATE TABLE t (m feeling DEFAULT 'sad', n heading, p couple, s stretch, all_of feeling[]);
CREATE VIEW v AS SELECT m, n FROM t WHERE m > 'sad';

-- case: an enum is renamed and gains a value
-- before
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE t (m mood);
-- after
-- renamed from: mood
CREATE TYPE feeling AS ENUM ('sad', 'so so', 'glad');
CREATE TABLE t (m feeling);

-- case: views are renamed
-- golden: renamed_views
-- before
CREATE TABLE t (a integer);
CREATE VIEW v AS SELECT a FROM t;
CREATE VIEW w AS SELECT a FROM v;
CREATE MATERIALIZED VIEW m AS SELECT a FROM v;
-- after
CREATE TABLE t (a integer);
-- renamed from: v
CREATE VIEW plain AS SELECT a FROM t;
CREATE VIEW w AS SELECT a FROM plain v;
CREATE MATERIALIZED VIEW kept AS SELECT a FROM plain v; -- renamed from: m

-- case: sequences and functions are renamed
-- golden: renamed_routines
-- before
CREATE SEQUENCE numbers;
CREATE FUNCTION twice(a integer) RETURNS integer IMMUTABLE LANGUAGE sql AS 'SELECT a + a';
CREATE FUNCTION twice(a text) RETURNS text LANGUAGE sql AS 'SELECT a || a';
CREATE PROCEDURE work() LANGUAGE sql AS 'SELECT 1';
CREATE TABLE t (a integer DEFAULT nextval('numbers'), b integer DEFAULT twice(2), CHECK (twice(a) > 0));
-- after
-- renamed from: numbers
CREATE SEQUENCE counter;
CREATE FUNCTION doubled(a integer) RETURNS integer IMMUTABLE LANGUAGE sql AS 'SELECT a + a'; -- renamed from: twice
CREATE FUNCTION twice(a text) RETURNS text LANGUAGE sql AS 'SELECT a || a';
-- renamed from: work
CREATE PROCEDURE toil() LANGUAGE sql AS 'SELECT 1';
CREATE TABLE t (a integer DEFAULT nextval('counter'), b integer DEFAULT doubled(2), CHECK (doubled(a) > 0));

-- case: a schema is renamed
-- golden: renamed_schema
-- before
CREATE SCHEMA shop;
CREATE TYPE shop.state AS ENUM ('new', 'paid');
CREATE TABLE shop.item (id serial PRIMARY KEY, s shop.state);
CREATE VIEW paid AS SELECT id FROM shop.item WHERE s = 'paid';
-- after
-- renamed from: shop
CREATE SCHEMA store;
CREATE TYPE store.state AS ENUM ('new', 'paid');
CREATE TABLE store.item (id serial PRIMARY KEY, s store.state);
CREATE VIEW paid AS SELECT id FROM store.item WHERE s = 'paid';

-- case: a schema is renamed with what is in it
-- before
CREATE SCHEMA shop;
CREATE TABLE shop.item (id integer, name text);
CREATE TABLE item (name text);
-- after
-- renamed from: shop
CREATE SCHEMA store;
-- renamed from: item
CREATE TABLE store.good (
    id bigint, -- renamed from: id
    title text -- renamed from: name
);
CREATE TABLE item (name text);

-- case: what is in another schema is renamed, line by line
-- before
CREATE SCHEMA shop;
CREATE TABLE shop.item (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE item (name text);
-- after
CREATE SCHEMA shop;
-- renamed from: item
CREATE TABLE shop.good (
    id integer PRIMARY KEY,
    title text NOT NULL -- renamed from: name
);
CREATE TABLE item (name text);

-- case: triggers, policies, rules and statistics are renamed
-- before
CREATE TABLE t (a integer, b integer);
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION noted();
CREATE POLICY p ON t USING (a > 0);
CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING;
CREATE STATISTICS s ON a, b FROM t;
-- after
CREATE TABLE t (a integer, b integer);
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
-- renamed from: g
CREATE TRIGGER guard BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION noted();
-- renamed from: p
CREATE POLICY positive ON t USING (a > 0);
-- renamed from: r
CREATE RULE kept AS ON DELETE TO t DO INSTEAD NOTHING;
-- renamed from: s
CREATE STATISTICS both_of ON a, b FROM t;

-- case: a column is renamed while its table becomes a partition
-- says: RENAME COLUMN label TO name
-- rows
-- before
CREATE TABLE t (id integer PRIMARY KEY, name text) PARTITION BY RANGE (id);
CREATE TABLE x (id integer PRIMARY KEY, label text);
-- after
CREATE TABLE t (id integer PRIMARY KEY, name text) PARTITION BY RANGE (id);
CREATE TABLE x (
  id integer PRIMARY KEY,
  name text -- renamed from: label
);
ALTER TABLE t ATTACH PARTITION x FOR VALUES FROM (1) TO (10);

-- case: a column is renamed while its table becomes a partition of a new one with its old name
-- says: RENAME COLUMN label TO name
-- rows
-- before
CREATE TABLE t (id integer PRIMARY KEY, label text NOT NULL);
CREATE INDEX t_label_idx ON t (label);
-- after
CREATE TABLE t (id integer PRIMARY KEY, name text NOT NULL) PARTITION BY RANGE (id);
CREATE INDEX t_name_idx ON t (name);
CREATE TABLE t_old ( -- renamed from: t
  id integer PRIMARY KEY,
  name text NOT NULL -- renamed from: label
);
ALTER TABLE t ATTACH PARTITION t_old FOR VALUES FROM (1) TO (10);

-- case: a column of a root is renamed while a table becomes a partition with the old name
-- says: RENAME COLUMN label TO name
-- rows
-- before
CREATE TABLE t (id integer PRIMARY KEY, label text) PARTITION BY RANGE (id);
CREATE TABLE x (id integer PRIMARY KEY, name text);
-- after
CREATE TABLE t (
  id integer PRIMARY KEY,
  name text -- renamed from: label
) PARTITION BY RANGE (id);
CREATE TABLE x PARTITION OF t FOR VALUES FROM (1) TO (10);

-- case: a column is renamed in a root and in what becomes its partition
-- rows
-- before
CREATE TABLE t (id integer PRIMARY KEY, label text) PARTITION BY RANGE (id);
CREATE TABLE x (id integer PRIMARY KEY, title text);
-- after
CREATE TABLE t (
  id integer PRIMARY KEY,
  name text -- renamed from: label
) PARTITION BY RANGE (id);
CREATE TABLE x (
  id integer PRIMARY KEY,
  name text -- renamed from: title
);
ALTER TABLE t ATTACH PARTITION x FOR VALUES FROM (1) TO (10);

-- case: a column is renamed while its table leaves the root
-- says: -- detected: change table x: bound FOR VALUES FROM (1) TO (10) becomes none, parents public.t become none
-- says: -- detected: rename column x.name to x.label
-- hides: -- detected: create
-- rows
-- before
CREATE TABLE t (id integer PRIMARY KEY, name text) PARTITION BY RANGE (id);
CREATE TABLE x PARTITION OF t FOR VALUES FROM (1) TO (10);
-- after
CREATE TABLE t (id integer PRIMARY KEY, name text) PARTITION BY RANGE (id);
CREATE TABLE x (
  id integer PRIMARY KEY,
  label text -- renamed from: name
);

-- case: the old name of a column has that of its table before it
-- both
CREATE SCHEMA a;
-- before
CREATE TABLE t (old text);
CREATE TABLE u (old text);
CREATE TABLE a.v (one text, two text);
-- after
CREATE TABLE t (
  new text -- renamed from: t.old
);
CREATE TABLE w ( -- renamed from: u
  new text -- renamed from: u.old
);
CREATE TABLE a.v (
  uno text, -- renamed from: v.one
  dos text -- renamed from: v.two
);

-- case: the old name of a column has that of another table before it
-- refused: `u.old` can't be renamed to `new`: the name before the dot isn't that of its table
-- before
CREATE TABLE t (old text);
CREATE TABLE u (old text);
-- after
CREATE TABLE t (
  new text -- renamed from: u.old
);
CREATE TABLE u (old text);

-- case: the old name of a constraint has that of its table before it
-- before
CREATE TABLE t (n integer CONSTRAINT old CHECK (n > 0));
-- after
CREATE TABLE t (
  n integer,
  CONSTRAINT new CHECK (n > 0) -- renamed from: t.old
);

-- case: a column is renamed in a root and told in its partition, too
-- rows
-- before
CREATE TABLE t (id integer PRIMARY KEY, label text) PARTITION BY RANGE (id);
CREATE TABLE x PARTITION OF t FOR VALUES FROM (1) TO (10);
-- after
CREATE TABLE t (
  id integer PRIMARY KEY,
  name text -- renamed from: label
) PARTITION BY RANGE (id);
CREATE TABLE x (
  id integer PRIMARY KEY,
  name text -- renamed from: label
);
ALTER TABLE t ATTACH PARTITION x FOR VALUES FROM (1) TO (10);

-- case: a column is renamed while its table stops to inherit
-- says: -- detected: change table c
-- rows
-- before
CREATE TABLE p (id integer, label text);
CREATE TABLE c (id integer, label text, more text) INHERITS (p);
-- after
CREATE TABLE p (id integer, label text);
CREATE TABLE c (
  id integer,
  name text, -- renamed from: label
  more text
);

-- case: a column is renamed while its table leaves the root with names of its own
-- hides: -- detected: create
-- hides: -- detected: add constraint
-- rows
-- before
CREATE TABLE d (id integer PRIMARY KEY);
CREATE TABLE t (id integer PRIMARY KEY, name text, d integer REFERENCES d, CHECK (name <> '')) PARTITION BY RANGE (id);
CREATE INDEX t_name_idx ON t (name);
CREATE TABLE x PARTITION OF t FOR VALUES FROM (1) TO (10);
CREATE INDEX own ON x (d, name);
-- after
CREATE TABLE d (id integer PRIMARY KEY);
CREATE TABLE t (id integer PRIMARY KEY, name text, d integer REFERENCES d, CHECK (name <> '')) PARTITION BY RANGE (id);
CREATE INDEX t_name_idx ON t (name);
CREATE TABLE x (
  id integer CONSTRAINT xpk PRIMARY KEY,
  label text, -- renamed from: name
  d integer CONSTRAINT xd REFERENCES d,
  CONSTRAINT t_name_check CHECK (label <> '')
);
CREATE INDEX xl ON x (label);
CREATE INDEX own ON x (d, label);

-- case: functions swap their names, and go round
-- golden: swapped_routines
-- before
CREATE FUNCTION f(a integer) RETURNS integer IMMUTABLE LANGUAGE sql AS 'SELECT a + 1';
CREATE FUNCTION g(a integer) RETURNS integer IMMUTABLE LANGUAGE sql AS 'SELECT a + 2';
CREATE FUNCTION x() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION y() RETURNS text LANGUAGE sql AS 'SELECT ''''';
CREATE PROCEDURE z() LANGUAGE sql AS 'SELECT 3';
CREATE TABLE t (a integer, CHECK (f(a) > 0));
-- after
CREATE FUNCTION f(a integer) RETURNS integer IMMUTABLE LANGUAGE sql AS 'SELECT a + 2'; -- renamed from: g
CREATE FUNCTION g(a integer) RETURNS integer IMMUTABLE LANGUAGE sql AS 'SELECT a + 1'; -- renamed from: f
CREATE FUNCTION x() RETURNS text LANGUAGE sql AS 'SELECT '''''; -- renamed from: y
CREATE FUNCTION y() RETURNS integer LANGUAGE sql AS 'SELECT 1'; -- renamed from: x
CREATE PROCEDURE z() LANGUAGE sql AS 'SELECT 3';
CREATE TABLE t (a integer, CHECK (g(a) > 0));

-- case: triggers, rules, policies and constraints of a table swap their names
-- golden: swapped_parts
-- both
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
-- before
CREATE TABLE t (
    a integer, b integer, c integer, d integer,
    CONSTRAINT x CHECK (a > 0),
    CONSTRAINT y CHECK (b > 0),
    CONSTRAINT one UNIQUE (a),
    CONSTRAINT two UNIQUE (b),
    CONSTRAINT three CHECK (c > 1)
);
CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
CREATE TRIGGER y BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION g();
CREATE RULE x AS ON DELETE TO t DO INSTEAD NOTHING;
CREATE RULE y AS ON DELETE TO t DO ALSO NOTHING;
CREATE POLICY x ON t USING (a = 1);
CREATE POLICY y ON t USING (a = 2);
-- after
CREATE TABLE t (
    a integer, b integer, c integer, d integer,
    CONSTRAINT x CHECK (b > 0), -- renamed from: y
    CONSTRAINT y CHECK (a > 0), -- renamed from: x
    CONSTRAINT one UNIQUE (b), -- renamed from: two
    CONSTRAINT two CHECK (c > 1), -- renamed from: three
    CONSTRAINT three UNIQUE (a) -- renamed from: one
);
-- renamed from: y
CREATE TRIGGER x BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION g();
-- renamed from: x
CREATE TRIGGER y BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
-- renamed from: y
CREATE RULE x AS ON DELETE TO t DO ALSO NOTHING;
-- renamed from: x
CREATE RULE y AS ON DELETE TO t DO INSTEAD NOTHING;
-- renamed from: y
CREATE POLICY x ON t USING (a = 2);
-- renamed from: x
CREATE POLICY y ON t USING (a = 1);

-- case: a function is renamed, and a new one has its old name
-- before
CREATE FUNCTION f(a integer) RETURNS integer IMMUTABLE LANGUAGE sql AS 'SELECT a + 1';
CREATE TABLE t (a integer, CHECK (f(a) > 0), CONSTRAINT one CHECK (a > 2));
-- after
-- renamed from: f
CREATE FUNCTION g(a integer) RETURNS integer IMMUTABLE LANGUAGE sql AS 'SELECT a + 1';
CREATE FUNCTION f(a integer) RETURNS text LANGUAGE sql AS 'SELECT ''''';
CREATE TABLE t (
    a integer, CHECK (g(a) > 0),
    CONSTRAINT two CHECK (a > 2), -- renamed from: one
    CONSTRAINT one UNIQUE (a)
);

-- case: two tables alike swap their names
-- before
CREATE TABLE one (id integer PRIMARY KEY, n text);
CREATE TABLE two (id integer PRIMARY KEY, n text);
CREATE INDEX one_n ON one (n);
CREATE INDEX two_n ON two (n);
-- after
-- renamed from: two
CREATE TABLE one (id integer PRIMARY KEY, n text);
-- renamed from: one
CREATE TABLE two (id integer PRIMARY KEY, n text);
CREATE INDEX one_n ON one (n);
CREATE INDEX two_n ON two (n);
