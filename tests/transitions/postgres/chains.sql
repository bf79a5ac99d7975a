-- Things that stand on each other, and many changes at once.

-- case: five views on each other change at the bottom
-- before
CREATE TABLE t (a integer, b integer);
CREATE VIEW v1 AS SELECT a, b FROM t;
-- after
CREATE TABLE t (a integer, b integer, c integer);
CREATE VIEW v1 AS SELECT c, a, b FROM t;
-- both
CREATE VIEW v2 AS SELECT a, b FROM v1;
CREATE VIEW v3 AS SELECT a FROM v2;
CREATE VIEW v4 AS SELECT a AS x FROM v3;
CREATE VIEW v5 AS SELECT max(x) AS most FROM v4;

-- case: type, domain, table, view, function and materialized view stand on each other
-- from: 14
-- before
CREATE TYPE mood AS ENUM ('sad', 'glad');
-- after
CREATE TYPE mood AS ENUM ('sad', 'glad', 'merry');
-- both
CREATE TABLE t (id integer, m mood);
CREATE VIEW v AS SELECT id, m FROM t;
CREATE FUNCTION f(v) RETURNS mood LANGUAGE sql RETURN ($1).m;
CREATE VIEW w AS SELECT f(v) AS felt FROM v;
CREATE MATERIALIZED VIEW x AS SELECT felt, count(*) AS n FROM w GROUP BY felt;
CREATE UNIQUE INDEX x_felt ON x (felt);

-- case: the same, from nothing
-- from: 14
-- after
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE t (id integer, m mood);
CREATE VIEW v AS SELECT id, m FROM t;
CREATE FUNCTION f(v) RETURNS mood LANGUAGE sql RETURN ($1).m;
CREATE VIEW w AS SELECT f(v) AS felt FROM v;
CREATE MATERIALIZED VIEW x AS SELECT felt, count(*) AS n FROM w GROUP BY felt;
CREATE UNIQUE INDEX x_felt ON x (felt);

-- case: a function, a table with it, a view, a function over the view, a policy
-- after
CREATE FUNCTION code() RETURNS text LANGUAGE sql AS $$ SELECT 'c' $$;
CREATE TABLE t (a text DEFAULT code(), owner text);
CREATE VIEW v AS SELECT owner FROM t;
CREATE FUNCTION owners() RETURNS SETOF v LANGUAGE sql AS 'SELECT * FROM public.v';
CREATE TABLE u (owner text);
CREATE POLICY p ON u USING (owner IN (SELECT o.owner FROM owners() o));

-- case: the type at the bottom of a chain changes
-- from: 14
-- before
CREATE TABLE t (n integer, id integer PRIMARY KEY);
-- after
CREATE TABLE t (n numeric(10,2), id integer PRIMARY KEY);
-- both
CREATE VIEW v AS SELECT id, n FROM t;
CREATE FUNCTION total() RETURNS numeric STABLE LANGUAGE sql BEGIN ATOMIC SELECT sum(n)::numeric FROM v; END;
CREATE VIEW w AS SELECT total() AS all_of;
CREATE MATERIALIZED VIEW m AS SELECT all_of FROM w;
CREATE INDEX m_i ON m (all_of);
CREATE VIEW z AS SELECT all_of + 1 AS more FROM m;

-- case: a chain goes
-- before
CREATE TYPE kind AS ENUM ('a', 'b');
CREATE DOMAIN word AS text CHECK (VALUE <> '');
CREATE FUNCTION pick(kind) RETURNS word LANGUAGE sql IMMUTABLE AS $$ SELECT 'x'::word $$;
CREATE TABLE t (k kind, w word, g text GENERATED ALWAYS AS (pick(k)) STORED);
CREATE VIEW v AS SELECT g FROM t;
CREATE MATERIALIZED VIEW m AS SELECT g FROM v;

-- case: a chain of foreign keys changes its types
-- before
CREATE TABLE a (id integer PRIMARY KEY);
CREATE TABLE b (id integer PRIMARY KEY REFERENCES a);
CREATE TABLE c (id integer PRIMARY KEY REFERENCES b);
CREATE TABLE d (id integer PRIMARY KEY REFERENCES c, up integer REFERENCES a);
CREATE TABLE e (id integer REFERENCES d);
-- after
CREATE TABLE a (id bigint PRIMARY KEY);
CREATE TABLE b (id bigint PRIMARY KEY REFERENCES a);
CREATE TABLE c (id bigint PRIMARY KEY REFERENCES b);
CREATE TABLE d (id bigint PRIMARY KEY REFERENCES c, up bigint REFERENCES a);
CREATE TABLE e (id bigint REFERENCES d);

-- case: a chain of functions with parsed bodies changes its types
-- from: 14
-- before
CREATE FUNCTION e() RETURNS integer LANGUAGE sql RETURN 1;
CREATE FUNCTION d() RETURNS integer LANGUAGE sql RETURN e();
CREATE FUNCTION c() RETURNS integer LANGUAGE sql RETURN d();
CREATE FUNCTION b() RETURNS integer LANGUAGE sql RETURN c();
CREATE FUNCTION a() RETURNS integer LANGUAGE sql RETURN b();
CREATE VIEW v AS SELECT a() AS x;
-- after
CREATE FUNCTION e() RETURNS bigint LANGUAGE sql RETURN 1::bigint;
CREATE FUNCTION d() RETURNS bigint LANGUAGE sql RETURN e();
CREATE FUNCTION c() RETURNS bigint LANGUAGE sql RETURN d();
CREATE FUNCTION b() RETURNS bigint LANGUAGE sql RETURN c();
CREATE FUNCTION a() RETURNS bigint LANGUAGE sql RETURN b();
CREATE VIEW v AS SELECT a() AS x;

-- case: domains on domains on an array of an enum
-- after
CREATE TYPE e AS ENUM ('x', 'y');
CREATE DOMAIN d1 AS e[] CHECK (cardinality(VALUE) < 5);
CREATE DOMAIN d2 AS d1 CHECK (VALUE[1] = 'x');
CREATE TYPE c AS (a d2, b e);
CREATE TABLE t (v c, w c[]);
CREATE VIEW s AS SELECT (v).b FROM t;

-- case: a small application grows by a version
-- golden: application
-- before
CREATE TYPE status AS ENUM ('new', 'done');
CREATE TABLE users (id serial PRIMARY KEY, email varchar(100) NOT NULL, name text);
CREATE TABLE task (id serial PRIMARY KEY, owner integer REFERENCES users, title text, state status DEFAULT 'new');
CREATE INDEX task_owner ON task (owner);
CREATE VIEW open_task AS SELECT t.id, t.title, u.email FROM task t JOIN users u ON u.id = t.owner WHERE t.state = 'new';
-- after
CREATE TYPE status AS ENUM ('new', 'started', 'done', 'dropped');
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.changed := now(); RETURN NEW; END $$;
CREATE TABLE users (id bigserial PRIMARY KEY, email text NOT NULL UNIQUE CHECK (email LIKE '%@%'), changed timestamptz NOT NULL DEFAULT now());
CREATE TABLE project (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);
CREATE TABLE task (
    id bigserial PRIMARY KEY, owner bigint REFERENCES users ON DELETE CASCADE, title text NOT NULL DEFAULT '',
    state status NOT NULL DEFAULT 'new', project_id bigint REFERENCES project, changed timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX task_owner ON task (owner, state) WHERE state <> 'done';
CREATE INDEX task_project ON task (project_id);
CREATE TRIGGER touch BEFORE UPDATE ON task FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch();
CREATE VIEW open_task AS SELECT t.id, t.title, u.email, p.name AS project FROM task t JOIN users u ON u.id = t.owner LEFT JOIN project p ON p.id = t.project_id WHERE t.state = 'new';
CREATE VIEW busy AS SELECT email, count(*) AS tasks FROM open_task GROUP BY email;

-- case: all is replaced
-- before
CREATE TABLE a (id serial PRIMARY KEY);
CREATE TABLE b (id serial PRIMARY KEY, a_id integer REFERENCES a);
CREATE VIEW v AS SELECT b.id FROM b JOIN a ON a.id = b.a_id;
CREATE FUNCTION f(b) RETURNS integer LANGUAGE sql AS 'SELECT 1';
-- after
CREATE TABLE v (id uuid PRIMARY KEY);
CREATE TABLE f (id uuid REFERENCES v);
CREATE VIEW a AS SELECT v.id FROM v JOIN f USING (id);
CREATE VIEW b AS SELECT id FROM a;
CREATE FUNCTION g(a) RETURNS integer LANGUAGE sql AS 'SELECT 1';

-- case: a view's rows are what a function of the view's own takes and a table stores
-- before
CREATE TABLE t (a integer);
CREATE VIEW v AS SELECT a FROM t;
CREATE FUNCTION f(v[]) RETURNS integer LANGUAGE sql AS 'SELECT 1';
-- after
CREATE TABLE t (a integer, b text);
CREATE VIEW v AS SELECT b, a FROM t;
CREATE FUNCTION f(v[]) RETURNS integer LANGUAGE sql AS 'SELECT 1';

-- case: a default, a function and a table need each other in a row
-- from: 14
-- before
CREATE TABLE t (id integer);
-- after
CREATE TABLE t (id integer);
CREATE FUNCTION next_of() RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT max(id) + 1 FROM t; END;
ALTER TABLE t ALTER id SET DEFAULT next_of();
