-- Owners and privileges, where they are compared.

-- case: without the option nothing is seen
-- same
-- before
CREATE TABLE t (a int);
-- after
CREATE TABLE t (a int);
REVOKE ALL ON t FROM CURRENT_USER;

-- case: privileges on a table
-- options: privileges
-- says: GRANT INSERT, SELECT ON TABLE public.t TO reader
-- before
CREATE TABLE t (a int);
-- after
CREATE TABLE t (a int);
GRANT SELECT, INSERT ON t TO reader;
GRANT UPDATE ON t TO "Keeper" WITH GRANT OPTION;
GRANT TRIGGER ON t TO PUBLIC;

-- case: other privileges on a table
-- options: privileges
-- says: REVOKE INSERT ON TABLE public.t FROM reader
-- says: GRANT UPDATE ON TABLE public.t TO reader
-- says: REVOKE GRANT OPTION FOR DELETE ON TABLE public.t FROM writer
-- before
CREATE TABLE t (a int);
GRANT SELECT, INSERT ON t TO reader;
GRANT DELETE ON t TO writer WITH GRANT OPTION;
-- after
CREATE TABLE t (a int);
GRANT SELECT, UPDATE ON t TO reader;
GRANT DELETE ON t TO writer;

-- case: no privileges said, or those that all have
-- options: privileges
-- same
-- before
CREATE TABLE t (a int);
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TYPE e AS ENUM ('a');
CREATE SCHEMA s;
CREATE SEQUENCE q;
-- after
CREATE TABLE t (a int);
GRANT SELECT ON t TO reader;
REVOKE SELECT ON t FROM reader;
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
GRANT EXECUTE ON FUNCTION f() TO PUBLIC;
CREATE TYPE e AS ENUM ('a');
GRANT USAGE ON TYPE e TO PUBLIC;
CREATE SCHEMA s;
GRANT ALL ON SCHEMA s TO CURRENT_USER;
CREATE SEQUENCE q;
GRANT ALL ON SEQUENCE q TO CURRENT_USER;
GRANT USAGE ON SCHEMA public TO PUBLIC;

-- case: privileges on every kind of object
-- options: privileges
-- both
CREATE SCHEMA s;
CREATE SEQUENCE s.q;
CREATE TABLE s.t (a int);
CREATE VIEW s.v AS SELECT a AS "A a" FROM s.t;
CREATE MATERIALIZED VIEW s.m AS SELECT a FROM s.t;
CREATE FUNCTION s.f(a int, b text) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE s.p(a int) LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE s.g(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
CREATE TYPE s.e AS ENUM ('a');
CREATE TYPE s.c AS (a int);
CREATE TYPE s.r AS RANGE (SUBTYPE = int);
CREATE DOMAIN s.d AS int;
-- after
GRANT USAGE, CREATE ON SCHEMA s TO writer;
GRANT USAGE ON SEQUENCE s.q TO writer;
GRANT SELECT ON s.v, s.m TO reader;
GRANT SELECT ("A a") ON s.v TO writer;
REVOKE ALL ON FUNCTION s.f(int, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION s.f(int, text) TO writer;
REVOKE ALL ON PROCEDURE s.p(int) FROM PUBLIC;
REVOKE ALL ON FUNCTION s.g(int) FROM PUBLIC;
REVOKE ALL ON TYPE s.e FROM PUBLIC;
GRANT USAGE ON TYPE s.c TO writer;
REVOKE ALL ON TYPE s.r FROM PUBLIC;
REVOKE ALL ON DOMAIN s.d FROM PUBLIC;
GRANT USAGE ON DOMAIN s.d TO reader;

-- case: new objects with privileges
-- options: privileges
-- before
CREATE SCHEMA s;
-- after
CREATE SCHEMA s;
GRANT USAGE ON SCHEMA s TO writer;
CREATE TABLE s.t (a int, b text);
GRANT SELECT (a), UPDATE (a, b) ON s.t TO writer;
GRANT SELECT ON s.t TO reader;
CREATE VIEW s.v AS SELECT a FROM s.t;
GRANT SELECT ON s.v TO reader;
CREATE FUNCTION s.f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';
REVOKE ALL ON FUNCTION s.f(int) FROM PUBLIC;

-- case: privileges on columns
-- options: privileges
-- says: GRANT UPDATE (b) ON TABLE public.t TO writer
-- before
CREATE TABLE t (a int, b int);
GRANT SELECT (a) ON t TO reader;
-- after
CREATE TABLE t (a int, b int, c int);
GRANT UPDATE (b), SELECT (c) ON t TO writer;

-- case: an owner of another name
-- options: privileges
-- says: ALTER TABLE public.t OWNER TO writer
-- both
GRANT CREATE ON SCHEMA public TO writer, "Keeper";
-- before
CREATE TABLE t (a int);
CREATE VIEW v AS SELECT 1 AS a;
ALTER VIEW v OWNER TO writer;
-- after
CREATE TABLE t (a int);
ALTER TABLE t OWNER TO writer;
CREATE VIEW v AS SELECT 1 AS a;
ALTER VIEW v OWNER TO "Keeper";

-- case: owners of every kind of object
-- options: privileges
-- both
CREATE SCHEMA s;
GRANT CREATE ON SCHEMA s TO writer;
CREATE SEQUENCE s.q;
CREATE TABLE s.t (a int, b int);
CREATE STATISTICS s.x ON a, b FROM s.t;
CREATE MATERIALIZED VIEW s.m AS SELECT a FROM s.t;
CREATE FUNCTION s.f(a int, b text) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE s.p(a int) LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE s.g(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
CREATE TYPE s.e AS ENUM ('a');
CREATE TYPE s.c AS (a int);
CREATE TYPE s.r AS RANGE (SUBTYPE = int);
CREATE DOMAIN s.d AS int;
CREATE COLLATION s.k (LOCALE = 'C');
-- after
ALTER SEQUENCE s.q OWNER TO writer;
ALTER STATISTICS s.x OWNER TO writer;
ALTER MATERIALIZED VIEW s.m OWNER TO writer;
ALTER FUNCTION s.f(int, text) OWNER TO writer;
ALTER PROCEDURE s.p(int) OWNER TO writer;
ALTER AGGREGATE s.g(int) OWNER TO writer;
ALTER TYPE s.e OWNER TO writer;
ALTER TYPE s.c OWNER TO writer;
ALTER TYPE s.r OWNER TO writer;
ALTER DOMAIN s.d OWNER TO writer;
ALTER COLLATION s.k OWNER TO writer;
ALTER SCHEMA s OWNER TO writer;

-- case: the sequence of a column has the owner of the table
-- options: privileges
-- both
GRANT CREATE ON SCHEMA public TO writer;
-- before
CREATE TABLE u (id serial PRIMARY KEY);
-- after
CREATE TABLE t (id serial PRIMARY KEY, b bigint GENERATED ALWAYS AS IDENTITY);
ALTER TABLE t OWNER TO writer;
GRANT USAGE ON SEQUENCE t_id_seq TO reader;
CREATE TABLE u (id serial PRIMARY KEY);
ALTER TABLE u OWNER TO writer;

-- case: a table of another owner is changed
-- options: privileges
-- both
GRANT CREATE ON SCHEMA public TO writer;
-- before
CREATE TABLE t (a int);
ALTER TABLE t OWNER TO writer;
GRANT SELECT ON t TO reader;
-- after
CREATE TABLE t (a bigint NOT NULL, b serial);
ALTER TABLE t OWNER TO writer;
GRANT SELECT ON t TO reader;
CREATE INDEX t_a ON t (a);

-- case: rights taken from the owner
-- options: privileges
-- before
CREATE TABLE t (a int);
-- after
CREATE TABLE t (a int);
REVOKE DELETE, TRUNCATE ON t FROM CURRENT_USER;

-- case: what is made anew has its privileges again
-- options: privileges
-- before
CREATE TABLE t (a int);
CREATE VIEW v AS SELECT a FROM t;
GRANT SELECT ON v TO reader;
GRANT SELECT (a) ON v TO writer;
-- after
CREATE TABLE t (a text);
CREATE VIEW v AS SELECT a FROM t;
GRANT SELECT ON v TO reader;
GRANT SELECT (a) ON v TO writer;

-- case: default privileges come, change and go
-- options: privileges
-- says: ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT INSERT, SELECT ON TABLES TO writer
-- both
CREATE SCHEMA s;
-- before
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reader;
ALTER DEFAULT PRIVILEGES FOR ROLE writer IN SCHEMA s GRANT USAGE ON SEQUENCES TO reader;
-- after
ALTER DEFAULT PRIVILEGES GRANT SELECT, UPDATE ON TABLES TO reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT, INSERT ON TABLES TO writer;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- case: a new table under default privileges
-- options: privileges
-- both
CREATE SCHEMA s;
ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT ON TABLES TO reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT USAGE ON SEQUENCES TO reader;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
-- after
CREATE TABLE t (a int);
CREATE TABLE s.u (a int);
REVOKE INSERT ON s.u FROM reader;
CREATE SEQUENCE s.q;
CREATE VIEW v AS SELECT a FROM t;
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';

-- case: default privileges after the tables
-- options: privileges
-- before
CREATE TABLE t (a int);
-- after
CREATE TABLE t (a int);
CREATE TABLE u (a int);
CREATE VIEW v AS SELECT a FROM u;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reader;

-- case: the schema public can lose its privileges
-- from: 15
-- options: privileges
-- says: REVOKE USAGE ON SCHEMA public FROM PUBLIC
-- before
CREATE TABLE t (a int);
-- after
CREATE TABLE t (a int);
REVOKE ALL ON SCHEMA public FROM PUBLIC;

-- case: a role that isn't there is named
-- options: privileges
-- fails: role "nobody" does not exist
-- before
CREATE TABLE t (a int);
-- after
CREATE TABLE t (a int);
GRANT SELECT ON t TO nobody;

-- case: a partition has privileges of its own
-- options: privileges
-- before
CREATE TABLE p (a int) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
GRANT SELECT ON p TO reader;
-- after
CREATE TABLE p (a int) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
GRANT SELECT ON p, p2 TO reader;
GRANT INSERT ON p1 TO writer;

-- case: default privileges in a new schema
-- options: privileges
-- after
CREATE SCHEMA s;
ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO reader;
ALTER DEFAULT PRIVILEGES FOR ROLE writer GRANT USAGE ON SCHEMAS TO reader WITH GRANT OPTION;
CREATE TABLE s.t (a int);

-- case: a function that is replaced, and one that is made anew, keep their rights
-- options: privileges
-- before
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';
REVOKE ALL ON FUNCTION f(int) FROM PUBLIC;
CREATE FUNCTION g(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';
GRANT EXECUTE ON FUNCTION g(int) TO reader;
-- after
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 2';
REVOKE ALL ON FUNCTION f(int) FROM PUBLIC;
CREATE FUNCTION g(a int) RETURNS text LANGUAGE sql AS $$SELECT 'a'$$;
GRANT EXECUTE ON FUNCTION g(int) TO reader;

-- case: an enum that takes the place of another one keeps its rights
-- options: privileges
-- before
CREATE TYPE e AS ENUM ('a', 'b');
REVOKE ALL ON TYPE e FROM PUBLIC;
GRANT USAGE ON TYPE e TO reader;
CREATE TABLE t (a e);
-- after
CREATE TYPE e AS ENUM ('b');
REVOKE ALL ON TYPE e FROM PUBLIC;
GRANT USAGE ON TYPE e TO reader;
CREATE TABLE t (a e);
