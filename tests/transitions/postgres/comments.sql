-- Comments.

-- case: comments on everything are added
-- both
CREATE SCHEMA app;
CREATE TYPE mood AS ENUM ('sad');
CREATE TYPE pair AS (a integer, b integer);
CREATE TYPE span AS RANGE (subtype = integer);
CREATE DOMAIN amount AS integer CONSTRAINT low CHECK (VALUE > 0);
CREATE COLLATION mine (provider = icu, locale = 'de');
CREATE SEQUENCE numbers;
CREATE TABLE t (id integer CONSTRAINT k PRIMARY KEY, a integer CONSTRAINT c CHECK (a > 0) CONSTRAINT u UNIQUE CONSTRAINT f REFERENCES t);
CREATE INDEX i ON t (a);
CREATE VIEW v AS SELECT id, a FROM t;
CREATE MATERIALIZED VIEW m AS SELECT id, a FROM t;
CREATE FUNCTION fn(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE pr() LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE ag(integer) (SFUNC = int4pl, STYPE = integer);
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION noted();
CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING;
CREATE POLICY p ON t USING (true);
CREATE STATISTICS s ON id, a FROM t;
-- after
COMMENT ON SCHEMA app IS 'schema';
COMMENT ON TYPE mood IS 'enum';
COMMENT ON TYPE pair IS 'composite';
COMMENT ON COLUMN pair.b IS 'attribute';
COMMENT ON TYPE span IS 'range';
COMMENT ON DOMAIN amount IS 'domain';
COMMENT ON CONSTRAINT low ON DOMAIN amount IS 'domain check';
COMMENT ON COLLATION mine IS 'collation';
COMMENT ON SEQUENCE numbers IS 'sequence';
COMMENT ON TABLE t IS 'table';
COMMENT ON COLUMN t.a IS 'column';
COMMENT ON CONSTRAINT k ON t IS 'key';
COMMENT ON CONSTRAINT c ON t IS 'check';
COMMENT ON CONSTRAINT u ON t IS 'unique';
COMMENT ON CONSTRAINT f ON t IS 'foreign key';
COMMENT ON INDEX i IS 'index';
COMMENT ON INDEX k IS 'index of the key';
COMMENT ON VIEW v IS 'view';
COMMENT ON COLUMN v.a IS 'column of a view';
COMMENT ON MATERIALIZED VIEW m IS 'materialized view';
COMMENT ON COLUMN m.id IS 'column of a materialized view';
COMMENT ON FUNCTION fn(integer) IS 'function';
COMMENT ON PROCEDURE pr() IS 'procedure';
COMMENT ON AGGREGATE ag(integer) IS 'aggregate';
COMMENT ON TRIGGER g ON t IS 'trigger';
COMMENT ON RULE r ON t IS 'rule';
COMMENT ON POLICY p ON t IS 'policy';
COMMENT ON STATISTICS s IS 'statistics';

-- case: comments change and go
-- golden: comments
-- both
CREATE TABLE t (a integer, b integer);
-- before
COMMENT ON TABLE t IS 'one';
COMMENT ON COLUMN t.a IS 'of a';
COMMENT ON COLUMN t.b IS 'of b';
-- after
COMMENT ON TABLE t IS 'two';
COMMENT ON COLUMN t.b IS 'of b, again';

-- case: a comment with odd letters
-- both
CREATE TABLE t (a integer);
-- after
COMMENT ON TABLE t IS E'it''s; \\ "said"\n-- no end\n/* nor this */ $$ ünï';

-- case: a comment differs in its line ends only
-- same
-- both
CREATE TABLE t (a integer);
-- before
COMMENT ON TABLE t IS E'a\nb';
-- after
COMMENT ON TABLE t IS E'a\r\nb';

-- case: a comment on the schema public and on an extension
-- both
CREATE EXTENSION hstore;
-- before
COMMENT ON SCHEMA public IS 'shared';
-- after
COMMENT ON SCHEMA public IS 'everybody''s';

-- case: a comment on a serial column and its sequence
-- before
CREATE TABLE t (id serial);
-- after
CREATE TABLE t (id serial);
COMMENT ON COLUMN t.id IS 'number';
COMMENT ON SEQUENCE t_id_seq IS 'numbers';

-- case: a comment on a function with types of the user
-- before
CREATE TYPE mood AS ENUM ('sad');
CREATE FUNCTION f(mood, mood[], VARIADIC text[]) RETURNS integer LANGUAGE sql AS 'SELECT 1';
-- after
CREATE TYPE mood AS ENUM ('sad');
CREATE FUNCTION f(mood, mood[], VARIADIC text[]) RETURNS integer LANGUAGE sql AS 'SELECT 1';
COMMENT ON FUNCTION f IS 'said';

-- case: a comment on a constraint that the server named
-- before
CREATE TABLE t (a integer PRIMARY KEY, b integer CHECK (b > 0));
-- after
CREATE TABLE t (a integer PRIMARY KEY, b integer CHECK (b > 0));
COMMENT ON CONSTRAINT t_pkey ON t IS 'the key';
COMMENT ON CONSTRAINT t_b_check ON t IS 'the check';
