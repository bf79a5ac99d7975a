-- Schemas, extensions, and objects that lie in several.

-- case: a schema is created
-- after
CREATE SCHEMA app;
CREATE TABLE app.t (a integer);
COMMENT ON SCHEMA app IS 'ours';

-- case: a schema is dropped with all in it
-- before
CREATE SCHEMA app;
CREATE TYPE app.mood AS ENUM ('sad');
CREATE TABLE app.t (id serial PRIMARY KEY, m app.mood);
CREATE VIEW app.v AS SELECT * FROM app.t;
CREATE FUNCTION app.f() RETURNS integer LANGUAGE sql AS 'SELECT 1';

-- case: tables of one name lie in two schemas
-- before
CREATE SCHEMA app;
CREATE TABLE app.t (a integer);
CREATE TABLE t (a text);
-- after
CREATE SCHEMA app;
CREATE TABLE app.t (a bigint PRIMARY KEY);
CREATE TABLE t (a text, b text);
CREATE VIEW v AS SELECT t.a, u.a AS number FROM t, app.t u;

-- case: a table moves to another schema
-- before
CREATE SCHEMA app;
CREATE TABLE t (a integer PRIMARY KEY);
CREATE VIEW v AS SELECT a FROM t;
-- after
CREATE SCHEMA app;
CREATE TABLE app.t (a integer PRIMARY KEY);
CREATE VIEW v AS SELECT a FROM app.t;

-- case: keys, types and functions go across schemas
-- from: 14
-- golden: schemas
-- after
CREATE SCHEMA base;
CREATE SCHEMA app;
CREATE TYPE base.mood AS ENUM ('sad', 'glad');
CREATE FUNCTION base.twice(integer) RETURNS integer IMMUTABLE LANGUAGE sql RETURN $1 * 2;
CREATE SEQUENCE base.numbers;
CREATE TABLE base.parent (id integer PRIMARY KEY DEFAULT nextval('base.numbers'));
CREATE TABLE app.child (id integer REFERENCES base.parent, m base.mood DEFAULT 'sad', n integer GENERATED ALWAYS AS (base.twice(id)) STORED);
CREATE INDEX child_n ON app.child (base.twice(n));
CREATE VIEW public.v AS SELECT c.m, base.twice(c.id) FROM app.child c;

-- case: a schema with an odd name
-- before
CREATE SCHEMA "My App";
CREATE TABLE "My App"."T" ("A" integer);
-- after
CREATE SCHEMA "My App";
CREATE TABLE "My App"."T" ("A" bigint, "b.c" text);
CREATE INDEX "I 1" ON "My App"."T" ("A", "b.c");
CREATE VIEW "My App".v AS SELECT "A" FROM "My App"."T";

-- case: indexes and constraints of one name lie in two schemas
-- before
CREATE SCHEMA app;
CREATE TABLE app.t (a integer CONSTRAINT c CHECK (a > 0));
CREATE TABLE t (a integer CONSTRAINT c CHECK (a > 0));
CREATE INDEX i ON app.t (a);
CREATE INDEX i ON t (a);
-- after
CREATE SCHEMA app;
CREATE TABLE app.t (a integer CONSTRAINT c CHECK (a > 1));
CREATE TABLE t (a integer CONSTRAINT c CHECK (a > 2));
CREATE INDEX i ON app.t (a DESC);
CREATE INDEX i ON t (a);

-- case: an enum in another schema loses a value
-- before
CREATE SCHEMA app;
CREATE TYPE app.mood AS ENUM ('sad', 'glad', 'merry');
CREATE TABLE t (m app.mood DEFAULT 'sad');
-- after
CREATE SCHEMA app;
CREATE TYPE app.mood AS ENUM ('sad', 'glad');
CREATE TABLE t (m app.mood DEFAULT 'sad');

-- case: the schema public goes with the record of what is applied
-- refused: records the applied revisions
-- before
CREATE TABLE t (a integer);
-- after
DROP SCHEMA public;
CREATE SCHEMA app;
CREATE TABLE app.t (a integer);

-- case: an extension is created
-- after
CREATE EXTENSION citext;
CREATE TABLE t (a citext UNIQUE);

-- case: an extension is dropped with its columns
-- before
CREATE EXTENSION hstore;
CREATE TABLE t (a integer, h hstore);
CREATE INDEX t_h ON t USING gin (h);
-- after
CREATE TABLE t (a integer);

-- case: a text becomes one without case
-- before
CREATE EXTENSION citext;
CREATE TABLE t (a text);
CREATE INDEX t_a ON t (a);
-- after
CREATE EXTENSION citext;
CREATE TABLE t (a citext);
CREATE INDEX t_a ON t (a);

-- case: an extension moves to another schema
-- before
CREATE SCHEMA ext;
CREATE EXTENSION citext;
CREATE TABLE t (a citext);
-- after
CREATE SCHEMA ext;
CREATE EXTENSION citext SCHEMA ext;
CREATE TABLE t (a ext.citext);

-- case: an extension lies in a schema of its own
-- after
CREATE SCHEMA ext;
CREATE EXTENSION pgcrypto SCHEMA ext;
CREATE EXTENSION btree_gist SCHEMA ext;
CREATE TABLE t (id uuid DEFAULT ext.gen_random_uuid(), room integer, during tsrange, EXCLUDE USING gist (room WITH =, during WITH &&));

-- case: a function depends on an extension
-- before
CREATE EXTENSION unaccent;
-- after
CREATE EXTENSION unaccent;
CREATE FUNCTION plain(text) RETURNS text IMMUTABLE LANGUAGE sql AS $$ SELECT public.unaccent('public.unaccent', $1) $$;
CREATE TABLE t (a text);
CREATE INDEX t_plain ON t (plain(a));
