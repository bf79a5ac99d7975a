-- Tables as a whole: created, dropped, their options, row security, replica identity.

-- case: a table with all that belongs to it is created
-- golden: table
-- after
CREATE TABLE room (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL UNIQUE, seats smallint DEFAULT 4 CHECK (seats > 0));
CREATE INDEX room_seats ON room (seats DESC);
COMMENT ON TABLE room IS 'where people meet';
COMMENT ON COLUMN room.seats IS 'chairs';

-- case: a table without columns is created
-- after
CREATE TABLE nothing ();

-- case: a table is dropped with what is on it
-- before
CREATE TABLE room (id serial PRIMARY KEY, name text);
CREATE INDEX room_name ON room (name);
CREATE VIEW names AS SELECT name FROM room;
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER note AFTER INSERT ON room FOR EACH ROW EXECUTE FUNCTION noted();

-- case: tables that refer to each other in a ring are created
-- golden: ring
-- after
CREATE TABLE a (id integer PRIMARY KEY, b_id integer);
CREATE TABLE b (id integer PRIMARY KEY, c_id integer);
CREATE TABLE c (id integer PRIMARY KEY, a_id integer REFERENCES a);
ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b;
ALTER TABLE b ADD FOREIGN KEY (c_id) REFERENCES c;

-- case: one table takes the place of another
-- before
CREATE TABLE room (id integer PRIMARY KEY, name text);
CREATE TABLE booking (room_id integer REFERENCES room);
-- after
CREATE TABLE hall (id integer PRIMARY KEY, floor integer);
CREATE TABLE booking (room_id integer REFERENCES hall);

-- case: a table becomes a view of the same name
-- before
CREATE TABLE room (id integer, name text);
-- after
CREATE TABLE place (id integer, name text, kind text);
CREATE VIEW room AS SELECT id, name FROM place WHERE kind = 'room';

-- case: a view becomes a table of the same name
-- before
CREATE VIEW tally AS SELECT 1 AS n;
-- after
CREATE TABLE tally (n integer);

-- case: an index gives its name to a table
-- before
CREATE TABLE t (a integer);
CREATE INDEX tally ON t (a);
-- after
CREATE TABLE t (a integer);
CREATE TABLE tally (n integer);

-- case: the index of a key gives its name to a table
-- before
CREATE TABLE t (a integer CONSTRAINT tally PRIMARY KEY);
-- after
CREATE TABLE t (a integer NOT NULL);
CREATE TABLE tally (n integer);

-- case: a table gives its name to a type
-- before
CREATE TABLE kind (id integer);
-- after
CREATE TYPE kind AS ENUM ('one', 'two');

-- case: a table is logged no more
-- before
CREATE TABLE cache (k text PRIMARY KEY, v bytea);
-- after
CREATE UNLOGGED TABLE cache (k text PRIMARY KEY, v bytea);

-- case: tables that refer to each other are logged no more
-- before
CREATE TABLE a (id integer PRIMARY KEY);
CREATE TABLE b (id integer PRIMARY KEY, a_id integer REFERENCES a);
-- after
CREATE UNLOGGED TABLE a (id integer PRIMARY KEY);
CREATE UNLOGGED TABLE b (id integer PRIMARY KEY, a_id integer REFERENCES a);

-- case: the options of a table change
-- before
CREATE TABLE t (a text) WITH (fillfactor = 70, autovacuum_enabled = false);
-- after
CREATE TABLE t (a text) WITH (fillfactor = 80, parallel_workers = 2, toast.autovacuum_enabled = off, toast_tuple_target = 4000);

-- case: a table is created with options
-- after
CREATE UNLOGGED TABLE t (a text) WITH (fillfactor = 70, toast.vacuum_truncate = false);

-- case: the options of a table go
-- before
CREATE TABLE t (a text) WITH (fillfactor = 70, toast.autovacuum_vacuum_threshold = 99);
-- after
CREATE TABLE t (a text);

-- case: row security is enabled and forced
-- before
CREATE TABLE t (a text);
-- after
CREATE TABLE t (a text);
ALTER TABLE t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

-- case: a table is created with row security
-- after
CREATE TABLE t (a text);
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON t USING (a = current_user);

-- case: row security is forced no more
-- before
CREATE TABLE t (a text);
ALTER TABLE t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
-- after
CREATE TABLE t (a text);
ALTER TABLE t ENABLE ROW LEVEL SECURITY;

-- case: the replica identity of a table changes
-- before
CREATE TABLE t (a integer NOT NULL, b integer NOT NULL);
CREATE UNIQUE INDEX t_a ON t (a);
ALTER TABLE t REPLICA IDENTITY FULL;
-- after
CREATE TABLE t (a integer NOT NULL, b integer NOT NULL);
CREATE UNIQUE INDEX t_a ON t (a);
ALTER TABLE t REPLICA IDENTITY USING INDEX t_a;

-- case: the replica identity is a new index
-- before
CREATE TABLE t (a integer NOT NULL);
-- after
CREATE TABLE t (a integer NOT NULL);
CREATE UNIQUE INDEX t_a ON t (a);
ALTER TABLE t REPLICA IDENTITY USING INDEX t_a;

-- case: the index that is the replica identity changes
-- before
CREATE TABLE t (a integer NOT NULL, b integer NOT NULL);
CREATE UNIQUE INDEX t_key ON t (a);
ALTER TABLE t REPLICA IDENTITY USING INDEX t_key;
-- after
CREATE TABLE t (a integer NOT NULL, b integer NOT NULL);
CREATE UNIQUE INDEX t_key ON t (a, b);
ALTER TABLE t REPLICA IDENTITY USING INDEX t_key;

-- case: the replica identity is a primary key that changes its column
-- before
CREATE TABLE t (a integer NOT NULL, b integer NOT NULL, CONSTRAINT t_key PRIMARY KEY (a));
ALTER TABLE t REPLICA IDENTITY USING INDEX t_key;
-- after
CREATE TABLE t (a integer NOT NULL, b integer NOT NULL, CONSTRAINT t_key PRIMARY KEY (b));
ALTER TABLE t REPLICA IDENTITY USING INDEX t_key;

-- case: a table without replica identity is created
-- after
CREATE TABLE t (a integer);
ALTER TABLE t REPLICA IDENTITY NOTHING;

-- case: a table is clustered by an index
-- before
CREATE TABLE t (a integer, b integer);
CREATE INDEX t_a ON t (a);
CREATE INDEX t_b ON t (b);
ALTER TABLE t CLUSTER ON t_b;
-- after
CREATE TABLE t (a integer, b integer);
CREATE INDEX t_a ON t (a);
CREATE INDEX t_b ON t (b);
ALTER TABLE t CLUSTER ON t_a;

-- case: a table of a composite type is created
-- both
CREATE TYPE pair AS (a integer, b text);
-- after
CREATE TABLE pairs OF pair (a PRIMARY KEY, b DEFAULT 'x');

-- case: a table becomes a partitioned one
-- before
CREATE TABLE event (at date NOT NULL, what text);
-- after
CREATE TABLE event (at date NOT NULL, what text) PARTITION BY RANGE (at);
CREATE TABLE event_old PARTITION OF event DEFAULT;

-- case: nothing is there and nothing is wanted
-- same
-- both
CREATE TABLE t (a integer);

-- case: the access method that all have is none to speak of
-- same
-- before
CREATE TABLE t (a integer);
-- after
CREATE TABLE t (a integer) USING heap;

-- case: a generated column that a child table has of its own and of its parent
-- after
CREATE TABLE parent (a int, b int GENERATED ALWAYS AS (a * 2) STORED);
CREATE TABLE child (a int, b int GENERATED ALWAYS AS (a * 2) STORED, c int);
ALTER TABLE child INHERIT parent;
