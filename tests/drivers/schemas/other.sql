CREATE FUNCTION sum_of(integer, text) RETURNS integer LANGUAGE sql AS 'SELECT $1';
CREATE OPERATOR ### (LEFTARG = integer, RIGHTARG = text, FUNCTION = sum_of);
CREATE TYPE pair AS (a integer);
CREATE FUNCTION told(pair) RETURNS text LANGUAGE sql AS 'SELECT ''pair''';
CREATE CAST (pair AS text) WITH FUNCTION told(pair);
CREATE TEXT SEARCH DICTIONARY plain (TEMPLATE = simple, STOPWORDS = english);
CREATE TEXT SEARCH CONFIGURATION words (COPY = simple);
CREATE FOREIGN DATA WRAPPER far;
CREATE SERVER away FOREIGN DATA WRAPPER far OPTIONS (host 'x');
CREATE FOREIGN TABLE distant (a integer NOT NULL CHECK (a > 0), b text) SERVER away OPTIONS (name 'y');
CREATE VIEW near AS SELECT count(*) AS n FROM distant;
CREATE OPERATOR CLASS by_pair FOR TYPE pair USING btree AS
    OPERATOR 1 < (record, record), FUNCTION 1 btrecordcmp(record, record);
CREATE CONVERSION latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE TABLE t (a integer);
CREATE PUBLICATION news FOR TABLE t;
CREATE FUNCTION seen() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER watch ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'ALTER TABLE')
    EXECUTE FUNCTION seen();
