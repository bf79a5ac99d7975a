-- What is only looked at: kinds that scripts don't make.

-- case: an operator, a cast and a text search configuration stay
-- both
CREATE TYPE pair AS (a integer, b integer);
CREATE FUNCTION pair_eq(pair, pair) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT $1.a = $2.a';
CREATE OPERATOR === (LEFTARG = pair, RIGHTARG = pair, FUNCTION = pair_eq);
CREATE FUNCTION pair_text(pair) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT $1.a::text';
CREATE CAST (pair AS text) WITH FUNCTION pair_text(pair);
CREATE TEXT SEARCH CONFIGURATION mine (COPY = simple);
CREATE TABLE t (p pair);
-- before
CREATE VIEW v AS SELECT p FROM t;
-- after
CREATE VIEW v AS SELECT p FROM t WHERE p IS NOT NULL;

-- case: a new operator is refused
-- refused: operator
-- both
CREATE FUNCTION far(integer, integer) RETURNS boolean LANGUAGE sql AS 'SELECT abs($1 - $2) > 9';
-- after
CREATE OPERATOR <<>> (LEFTARG = integer, RIGHTARG = integer, FUNCTION = far);

-- case: a cast that goes is refused
-- refused: cast
-- both
CREATE TYPE pair AS (a integer, b integer);
CREATE FUNCTION pair_text(pair) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT $1.a::text';
-- before
CREATE CAST (pair AS text) WITH FUNCTION pair_text(pair);

-- case: a changed text search configuration is refused
-- refused: text search
-- both
CREATE TABLE t (a integer);
-- after
CREATE TEXT SEARCH CONFIGURATION mine (COPY = simple);

-- case: a publication stays
-- both
CREATE TABLE t (a integer PRIMARY KEY, b text);
CREATE PUBLICATION changes FOR TABLE t;
-- after
CREATE TABLE u (a integer);
