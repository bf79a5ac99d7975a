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
