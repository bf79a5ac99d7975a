-- Sequences.

-- case: a sequence is created
-- after
CREATE SEQUENCE ticket AS integer START WITH 100 INCREMENT BY 10 MINVALUE 50 MAXVALUE 90000 CACHE 5 CYCLE;
COMMENT ON SEQUENCE ticket IS 'numbers';

-- case: a sequence that counts down is created
-- after
CREATE SEQUENCE countdown INCREMENT BY -1 START WITH -5;

-- case: a sequence is dropped with the default that asks it
-- before
CREATE SEQUENCE ticket;
CREATE TABLE t (n bigint DEFAULT nextval('ticket'));
-- after
CREATE TABLE t (n bigint);

-- case: all options of a sequence change
-- before
CREATE SEQUENCE ticket AS integer START WITH 100 INCREMENT BY 10 MINVALUE 50 MAXVALUE 90000 CACHE 5 CYCLE;
-- after
CREATE SEQUENCE ticket AS integer START WITH 70 INCREMENT BY 7 MINVALUE 60 MAXVALUE 80000 CACHE 2;

-- case: the type of a sequence changes
-- before
CREATE SEQUENCE a AS smallint;
CREATE SEQUENCE b;
-- after
CREATE SEQUENCE a AS bigint;
CREATE SEQUENCE b AS integer;

-- case: the least value rises above where the sequence stands
-- before
CREATE SEQUENCE ticket;
-- after
CREATE SEQUENCE ticket MINVALUE 100;

-- case: the greatest value falls below the start
-- before
CREATE SEQUENCE ticket START WITH 500;
-- after
CREATE SEQUENCE ticket START WITH 5 MAXVALUE 100;

-- case: a sequence turns its direction
-- before
CREATE SEQUENCE ticket;
-- after
CREATE SEQUENCE ticket INCREMENT BY -1;

-- case: a sequence is owned and then by another
-- both
CREATE TABLE t (n bigint);
CREATE TABLE u (n bigint);
CREATE SEQUENCE ticket;
-- before
ALTER SEQUENCE ticket OWNED BY t.n;
-- after
ALTER SEQUENCE ticket OWNED BY u.n;

-- case: a sequence is owned no more
-- both
CREATE TABLE t (n bigint);
CREATE SEQUENCE ticket;
-- before
ALTER SEQUENCE ticket OWNED BY t.n;

-- case: a sequence stays when its owner goes
-- both
CREATE SEQUENCE ticket;
-- before
CREATE TABLE t (n bigint DEFAULT nextval('ticket'));
ALTER SEQUENCE ticket OWNED BY t.n;

-- case: a sequence is logged no more
-- from: 15
-- before
CREATE SEQUENCE ticket;
-- after
CREATE UNLOGGED SEQUENCE ticket;

-- case: a sequence becomes a table
-- before
CREATE SEQUENCE ticket;
-- after
CREATE TABLE ticket (n integer);

-- case: a view reads a sequence
-- from: 14
-- before
CREATE TABLE t (a integer);
-- after
CREATE SEQUENCE ticket;
CREATE TABLE t (a integer);
CREATE VIEW v AS SELECT last_value FROM ticket;
CREATE FUNCTION drawn() RETURNS bigint LANGUAGE sql RETURN nextval('ticket');

-- case: another sequence counts for a column
-- before
CREATE TABLE t (a serial, b integer);
-- after
CREATE SEQUENCE counter AS smallint;
CREATE TABLE t (a integer NOT NULL DEFAULT nextval('counter'), b integer);
ALTER SEQUENCE counter OWNED BY t.a;

-- case: a serial column loses its numbers
-- before
CREATE TABLE t (a serial, b integer);
-- after
CREATE TABLE t (a integer, b integer);

-- case: numbers become serial and get a default from a new sequence
-- golden: number_to_serial
-- before
CREATE TABLE t (id integer PRIMARY KEY, b bigint DEFAULT 4);
CREATE TABLE u (id bigint PRIMARY KEY);
-- after
CREATE SEQUENCE down INCREMENT BY -1;
CREATE TABLE t (id serial PRIMARY KEY, b bigint DEFAULT nextval('down'));
CREATE TABLE u (id bigserial PRIMARY KEY);

-- case: a column that takes numbers from a sequence goes, and the sequence stays
-- rows
-- both
CREATE SEQUENCE ticket CACHE 9;
-- before
CREATE TABLE t (n integer, number bigint DEFAULT nextval('ticket'), PRIMARY KEY (number));
-- after
CREATE TABLE t (n integer);
