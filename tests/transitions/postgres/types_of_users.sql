-- Domains, composite types, ranges and collations.

-- case: a domain is created
-- after
CREATE DOMAIN email AS varchar(100) COLLATE "C" DEFAULT 'a@b' NOT NULL CONSTRAINT at CHECK (VALUE LIKE '%@%') CHECK (length(VALUE) > 2);
COMMENT ON DOMAIN email IS 'an address';

-- case: a domain is dropped with its column
-- before
CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');
CREATE TABLE t (a integer, e email);
-- after
CREATE TABLE t (a integer);

-- case: the default of a domain changes
-- before
CREATE DOMAIN amount AS integer DEFAULT 1;
CREATE DOMAIN size AS integer;
CREATE TABLE t (a amount, b size);
-- after
CREATE DOMAIN amount AS integer DEFAULT 2;
CREATE DOMAIN size AS integer DEFAULT 0;
CREATE TABLE t (a amount, b size);

-- case: a domain refuses NULL
-- before
CREATE DOMAIN amount AS integer;
CREATE TABLE t (id integer, a amount DEFAULT 1);
-- after
CREATE DOMAIN amount AS integer NOT NULL;
CREATE TABLE t (id integer, a amount DEFAULT 1);

-- case: the checks of a domain change
-- before
CREATE DOMAIN amount AS integer CONSTRAINT low CHECK (VALUE > 0) CONSTRAINT high CHECK (VALUE < 100);
CREATE TABLE t (a amount);
-- after
CREATE DOMAIN amount AS integer CONSTRAINT low CHECK (VALUE > -1) CONSTRAINT odd CHECK (VALUE % 2 = 1);
CREATE TABLE t (a amount);

-- case: a check of a domain is not valid yet
-- before
CREATE DOMAIN amount AS integer;
CREATE TABLE t (a amount);
-- after
CREATE DOMAIN amount AS integer;
ALTER DOMAIN amount ADD CONSTRAINT low CHECK (VALUE > 0) NOT VALID;
CREATE TABLE t (a amount);

-- case: a check of a domain is validated
-- both
CREATE DOMAIN amount AS integer;
-- before
ALTER DOMAIN amount ADD CONSTRAINT low CHECK (VALUE > 0) NOT VALID;
-- after
ALTER DOMAIN amount ADD CONSTRAINT low CHECK (VALUE > 0);
-- both
CREATE TABLE t (a amount);

-- case: a domain changes its type and nothing uses it
-- before
CREATE DOMAIN amount AS integer CHECK (VALUE > 0);
-- after
CREATE DOMAIN amount AS bigint CHECK (VALUE > 0);

-- case: a domain of a column changes its type
-- before
CREATE DOMAIN amount AS integer CHECK (VALUE > 0);
-- after
CREATE DOMAIN amount AS bigint CHECK (VALUE > 0);
-- both
CREATE TABLE t (a amount DEFAULT 3);
CREATE VIEW v AS SELECT a FROM t;

-- case: a domain calls a function
-- from: 14
-- before
CREATE TABLE t (a text);
-- after
CREATE FUNCTION is_code(text) RETURNS boolean IMMUTABLE LANGUAGE sql RETURN $1 ~ '^[A-Z]{3}$';
CREATE DOMAIN code AS text CHECK (is_code(VALUE));
CREATE TABLE t (a code);

-- case: a domain of a domain is created
-- after
CREATE DOMAIN whole AS numeric CHECK (VALUE = trunc(VALUE));
CREATE DOMAIN natural_number AS whole CHECK (VALUE >= 0);
CREATE TABLE t (a natural_number DEFAULT 0);

-- case: an array of a domain becomes a column
-- both
CREATE DOMAIN tag AS text CHECK (VALUE <> '');
CREATE TABLE t (a integer);
-- after
ALTER TABLE t ADD tags tag[];

-- case: a composite type is created
-- after
CREATE TYPE address AS (street text, zip varchar(9) COLLATE "C", "House No" integer);
COMMENT ON TYPE address IS 'where';
COMMENT ON COLUMN address.zip IS 'code';

-- case: a composite type with its column goes
-- before
CREATE TYPE address AS (street text, zip text);
CREATE TABLE t (a integer, where_to address);
-- after
CREATE TABLE t (a integer);

-- case: an attribute is added to a composite type of a column
-- before
CREATE TYPE address AS (street text);
CREATE TABLE t (where_to address);
-- after
CREATE TYPE address AS (street text, zip text);
CREATE TABLE t (where_to address);

-- case: an attribute of a composite type goes
-- before
CREATE TYPE address AS (street text, zip text, city text);
-- after
CREATE TYPE address AS (street text, city text);

-- case: an attribute of a composite type that nothing stores changes its type
-- before
CREATE TYPE pair AS (a integer, b integer);
CREATE FUNCTION first_of(pair) RETURNS integer LANGUAGE sql AS 'SELECT 1';
-- after
CREATE TYPE pair AS (a bigint, b integer);
CREATE FUNCTION first_of(pair) RETURNS integer LANGUAGE sql AS 'SELECT 1';

-- case: the attributes of a composite type change their order
-- before
CREATE TYPE pair AS (a integer, b text);
-- after
CREATE TYPE pair AS (b text, a integer);

-- case: the attributes of the values of a column change their order
-- says: ROW((p).b, (p).a)
-- before
CREATE TYPE pair AS (a text, b text);
CREATE TABLE t (p pair DEFAULT ROW('x', 'y')::pair);
-- after
CREATE TYPE pair AS (b text, a text);
CREATE TABLE t (p pair DEFAULT ROW('x', 'y')::pair);

-- case: an attribute of values comes while another one changes its type
-- says: ROW((p).a, NULL)
-- before
CREATE TYPE pair AS (a integer);
CREATE TABLE t (p pair);
-- after
CREATE TYPE pair AS (a bigint, b text);
CREATE TABLE t (p pair);

-- case: the attributes of values in an array change their order
-- refused: in the values of t.p
-- before
CREATE TYPE pair AS (a text, b text);
CREATE TABLE t (p pair[]);
-- after
CREATE TYPE pair AS (b text, a text);
CREATE TABLE t (p pair[]);

-- case: the attributes of values inside others change their order
-- refused: in the values of t.p
-- before
CREATE TYPE pair AS (a text, b text);
CREATE TYPE two AS (one pair, other pair);
CREATE TABLE t (p two);
-- after
CREATE TYPE pair AS (b text, a text);
CREATE TYPE two AS (one pair, other pair);
CREATE TABLE t (p two);

-- case: an attribute of a composite type loses digits
-- says: DESTRUCTIVE: changes the values of attribute a of composite type c from numeric to numeric(5,1)
-- before
CREATE TYPE c AS (a numeric);
CREATE TABLE t (x c);
-- after
CREATE TYPE c AS (a numeric(5,1));
CREATE TABLE t (x c);

-- case: an attribute of a composite type gets shorter
-- says: fails if a value of attribute a of composite type c doesn't fit in character varying(3)
-- hides: -- warning: destructive
-- before
CREATE TYPE c AS (a text);
CREATE TABLE t (x c);
-- after
CREATE TYPE c AS (a varchar(3));
CREATE TABLE t (x c);

-- case: a domain loses digits
-- says: DESTRUCTIVE: changes the values of domain d from numeric(10,4) to numeric(10,1)
-- before
CREATE DOMAIN d AS numeric(10,4);
CREATE TABLE t (x d);
-- after
CREATE DOMAIN d AS numeric(10,1);
CREATE TABLE t (x d);

-- case: a domain refuses values that don't fit
-- says: fails if a value of domain d doesn't fit in integer
-- says: fails if a value of domain e doesn't fit in character varying(3)
-- says: USING y::text, ALTER COLUMN
-- says: USING z::text[];
-- hides: -- warning: destructive
-- before
CREATE DOMAIN d AS double precision;
CREATE DOMAIN e AS varchar(9);
CREATE TABLE t (x d, y e, z e[]);
-- after
CREATE DOMAIN d AS integer;
CREATE DOMAIN e AS varchar(3);
CREATE TABLE t (x d, y e, z e[]);

-- case: a composite type is made of others
-- after
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE DOMAIN zip AS text CHECK (length(VALUE) = 5);
CREATE TYPE place AS (code zip, felt mood, history mood[]);
CREATE TYPE trip AS (start place, stops place[]);
CREATE TABLE t (id integer, went trip);

-- case: the comments on attributes change
-- before
CREATE TYPE pair AS (a integer, b text);
COMMENT ON COLUMN pair.a IS 'one';
-- after
CREATE TYPE pair AS (a integer, b text);
COMMENT ON COLUMN pair.a IS 'first';
COMMENT ON COLUMN pair.b IS 'second';

-- case: a range type is created
-- from: 14
-- after
CREATE TYPE floatrange AS RANGE (subtype = float8, subtype_diff = float8mi);
CREATE TABLE t (r floatrange, m floatmultirange);

-- case: a range type with all its parts is created
-- from: 14
-- after
CREATE FUNCTION time_gap(x time, y time) RETURNS float8 LANGUAGE sql STRICT IMMUTABLE AS 'SELECT EXTRACT(EPOCH FROM (x - y))';
CREATE TYPE timerange AS RANGE (subtype = time, subtype_diff = time_gap, multirange_type_name = manytimes);
CREATE TYPE letters AS RANGE (subtype = text, collation = "C", subtype_opclass = text_pattern_ops);

-- case: a range type with its columns goes
-- before
CREATE TYPE floatrange AS RANGE (subtype = float8);
CREATE TABLE t (a integer, r floatrange);
-- after
CREATE TABLE t (a integer);

-- case: a range type gets another subtype
-- before
CREATE TYPE span AS RANGE (subtype = integer);
CREATE TABLE t (a integer);
-- after
CREATE TYPE span AS RANGE (subtype = bigint);
CREATE TABLE t (a integer);

-- case: a collation is created and used
-- before
CREATE TABLE t (a text);
-- after
CREATE COLLATION blind (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE t (a text COLLATE blind);
CREATE UNIQUE INDEX t_a ON t (a);

-- case: a collation goes
-- before
CREATE COLLATION plain_c (provider = libc, locale = 'C');
CREATE TABLE t (a text COLLATE plain_c);
-- after
CREATE TABLE t (a text);

-- case: a collation of a column changes
-- before
CREATE COLLATION mine (provider = icu, locale = 'de');
CREATE TABLE t (a text COLLATE mine, b integer);
CREATE VIEW v AS SELECT a FROM t;
-- after
CREATE COLLATION mine (provider = icu, locale = 'sv');
CREATE TABLE t (a text COLLATE mine, b integer);
CREATE VIEW v AS SELECT a FROM t;

-- case: a type and a table that uses it go together
-- before
CREATE TYPE pair AS (a integer, b text);
CREATE TABLE t OF pair;
CREATE TABLE u (p pair[]);
-- after
CREATE TABLE u (n integer);

-- case: a domain is put between a domain and its type
-- before
CREATE DOMAIN size AS integer DEFAULT 4 CHECK (VALUE > 0);
CREATE TABLE t (s size, all_of size[]);
-- after
CREATE DOMAIN number AS integer;
CREATE DOMAIN size AS number CHECK (VALUE > 0);
CREATE TABLE t (s size);

-- case: a domain in arrays gets other rules
-- golden: domain_in_arrays
-- before
CREATE DOMAIN d AS integer;
CREATE DOMAIN e AS varchar(10) CHECK (VALUE <> '');
CREATE DOMAIN n AS integer;
CREATE TABLE t (id integer, x d[] DEFAULT '{1}', y e[], z n[], w d);
CREATE INDEX t_x ON t (x);
-- after
CREATE DOMAIN d AS integer CHECK (VALUE > 0);
CREATE DOMAIN e AS varchar(20) CHECK (VALUE <> '');
CREATE DOMAIN n AS integer NOT NULL;
CREATE TABLE t (id integer, x d[] DEFAULT '{1}', y e[], z n[], w d);
CREATE INDEX t_x ON t (x);
