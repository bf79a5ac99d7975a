-- Enums.

-- case: an enum is created
-- after
CREATE TYPE mood AS ENUM ('sad', 'it''s fine', 'glad');

-- case: an enum without values is created
-- after
CREATE TYPE mood AS ENUM ();

-- case: an enum is dropped with its column
-- before
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE t (a integer, m mood);
-- after
CREATE TABLE t (a integer);

-- case: a value is added at the end
-- before
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE t (m mood DEFAULT 'sad');
-- after
CREATE TYPE mood AS ENUM ('sad', 'glad', 'merry');
CREATE TABLE t (m mood DEFAULT 'sad');

-- case: a value is added at the beginning
-- before
CREATE TYPE mood AS ENUM ('sad', 'glad');
-- after
CREATE TYPE mood AS ENUM ('furious', 'sad', 'glad');

-- case: values are added at all places
-- golden: enum_values
-- before
CREATE TYPE mood AS ENUM ('b', 'd');
CREATE TABLE t (m mood);
-- after
CREATE TYPE mood AS ENUM ('a', 'b', 'c', 'c2', 'd', 'e', 'f');
CREATE TABLE t (m mood);

-- case: the first values of an empty enum are added
-- before
CREATE TYPE mood AS ENUM ();
-- after
CREATE TYPE mood AS ENUM ('sad', 'glad');

-- case: a value is added and used as a default
-- before
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE t (m mood DEFAULT 'sad');
-- after
CREATE TYPE mood AS ENUM ('sad', 'glad', 'merry');
CREATE TABLE t (m mood DEFAULT 'merry');

-- case: a value is added and used in a check and a partial index
-- before
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE t (a integer, m mood);
-- after
CREATE TYPE mood AS ENUM ('sad', 'glad', 'merry');
CREATE TABLE t (a integer, m mood CHECK (m <> 'merry' OR a > 0));
CREATE INDEX t_merry ON t (a) WHERE m = 'merry';

-- case: a value is added and used in a view and a function
-- from: 14
-- before
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE t (a integer, m mood);
-- after
CREATE TYPE mood AS ENUM ('sad', 'glad', 'merry');
CREATE TABLE t (a integer, m mood);
CREATE VIEW feast AS SELECT a FROM t WHERE m = 'merry';
CREATE FUNCTION best() RETURNS mood LANGUAGE sql RETURN 'merry'::mood;

-- case: a value is added and used as a bound of a partition
-- refused: unsafe use of new value "merry" of enum type mood
-- before
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE t (a integer, m mood) PARTITION BY LIST (m);
CREATE TABLE t_sad PARTITION OF t FOR VALUES IN ('sad');
-- after
CREATE TYPE mood AS ENUM ('sad', 'glad', 'merry');
CREATE TABLE t (a integer, m mood) PARTITION BY LIST (m);
CREATE TABLE t_sad PARTITION OF t FOR VALUES IN ('sad');
CREATE TABLE t_merry PARTITION OF t FOR VALUES IN ('merry');

-- case: a value that nothing uses is removed
-- before
CREATE TYPE mood AS ENUM ('sad', 'glad', 'merry');
-- after
CREATE TYPE mood AS ENUM ('sad', 'merry');

-- case: a value of a column is removed
-- before
CREATE TYPE mood AS ENUM ('sad', 'glad', 'merry');
CREATE TABLE t (id integer, m mood NOT NULL DEFAULT 'sad');
-- after
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE t (id integer, m mood NOT NULL DEFAULT 'sad');

-- case: values change their order
-- before
CREATE TYPE mood AS ENUM ('sad', 'glad', 'merry');
CREATE TABLE t (m mood DEFAULT 'glad');
CREATE INDEX t_m ON t (m);
-- after
CREATE TYPE mood AS ENUM ('merry', 'glad', 'sad');
CREATE TABLE t (m mood DEFAULT 'glad');
CREATE INDEX t_m ON t (m);

-- case: a value is replaced
-- before
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE t (id integer, m mood);
-- after
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE t (id integer, m mood);

-- case: all values are replaced
-- before
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE t (m mood DEFAULT 'sad');
-- after
CREATE TYPE mood AS ENUM ('low', 'high');
CREATE TABLE t (m mood DEFAULT 'low');

-- case: a value of an array is removed
-- before
CREATE TYPE mood AS ENUM ('sad', 'glad', 'merry');
CREATE TABLE t (m mood[] NOT NULL DEFAULT '{sad,glad}');
CREATE INDEX t_m ON t USING gin (m);
-- after
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE t (m mood[] NOT NULL DEFAULT '{sad,glad}');
CREATE INDEX t_m ON t USING gin (m);

-- case: an enum in checks, indexes, keys and generated columns loses a value
-- before
CREATE TYPE mood AS ENUM ('sad', 'glad', 'merry');
-- after
CREATE TYPE mood AS ENUM ('sad', 'glad');
-- both
CREATE TABLE t (
    id integer, m mood DEFAULT 'glad', CHECK (m <> 'sad' OR id > 0), PRIMARY KEY (id, m),
    is_glad boolean GENERATED ALWAYS AS (m = 'glad'::mood) STORED
);
CREATE INDEX t_sad ON t (id) WHERE m = 'sad';
CREATE INDEX t_glad ON t ((m = 'glad'));
CREATE UNIQUE INDEX t_m ON t (m, id);

-- case: an enum in views, functions, policies and triggers loses a value
-- golden: enum_loses_a_value
-- before
CREATE TYPE mood AS ENUM ('sad', 'glad', 'merry');
-- after
CREATE TYPE mood AS ENUM ('sad', 'glad');
-- both
CREATE TABLE t (id integer, m mood);
CREATE VIEW v AS SELECT id, m FROM t WHERE m = 'sad';
CREATE VIEW w AS SELECT count(*) AS n FROM v;
CREATE MATERIALIZED VIEW mv AS SELECT m, count(*) AS n FROM t GROUP BY m;
CREATE FUNCTION worst(mood, mood DEFAULT 'glad') RETURNS mood LANGUAGE sql AS 'SELECT least($1, $2)';
CREATE FUNCTION moods() RETURNS SETOF mood LANGUAGE sql AS 'SELECT m FROM t';
CREATE POLICY p ON t USING (m > 'sad');
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER g AFTER UPDATE ON t FOR EACH ROW WHEN (NEW.m = 'sad') EXECUTE FUNCTION noted();
CREATE RULE r AS ON DELETE TO t WHERE OLD.m = 'glad' DO INSTEAD NOTHING;

-- case: an enum of several tables loses a value
-- before
CREATE TYPE mood AS ENUM ('sad', 'glad', 'merry');
-- after
CREATE TYPE mood AS ENUM ('sad', 'glad');
-- both
CREATE TABLE a (id integer PRIMARY KEY, m mood DEFAULT 'sad');
CREATE TABLE b (id integer PRIMARY KEY, m mood DEFAULT 'glad', n mood[]);
CREATE TABLE c (m mood UNIQUE);
CREATE TABLE d (m mood REFERENCES c (m));

-- case: an enum loses a value and its column changes to another type
-- before
CREATE TYPE mood AS ENUM ('sad', 'glad', 'merry');
CREATE TABLE t (a mood, b mood);
-- after
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE t (a mood, b text);

-- case: an enum gets a new column while it loses a value
-- before
CREATE TYPE mood AS ENUM ('sad', 'glad', 'merry');
CREATE TABLE t (a mood);
-- after
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE t (a mood, b mood NOT NULL DEFAULT 'sad');

-- case: an enum with a comment loses a value
-- before
CREATE TYPE mood AS ENUM ('sad', 'glad', 'merry');
COMMENT ON TYPE mood IS 'how it feels';
CREATE TABLE t (m mood);
COMMENT ON COLUMN t.m IS 'how t feels';
-- after
CREATE TYPE mood AS ENUM ('sad', 'glad');
COMMENT ON TYPE mood IS 'how it feels';
CREATE TABLE t (m mood);
COMMENT ON COLUMN t.m IS 'how t feels';

-- case: an enum becomes a check
-- before
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE t (m mood NOT NULL DEFAULT 'sad');
-- after
CREATE TABLE t (m text NOT NULL DEFAULT 'sad' CHECK (m IN ('sad', 'glad')));

-- case: an enum becomes a table
-- before
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE t (id integer, m mood);
-- after
CREATE TABLE mood (name text PRIMARY KEY);
CREATE TABLE t (id integer, m text REFERENCES mood);

-- case: an enum with odd names gains a value
-- before
CREATE TYPE "Mood of Day" AS ENUM ('It''s', '"so"');
CREATE TABLE t (m "Mood of Day");
-- after
CREATE TYPE "Mood of Day" AS ENUM ('It''s', 'a\b', '"so"', '');
CREATE TABLE t (m "Mood of Day");

-- case: an enum of partitioned tables and their children loses a value
-- before
CREATE TYPE mood AS ENUM ('sad', 'glad', 'merry');
-- after
CREATE TYPE mood AS ENUM ('sad', 'glad');
-- both
CREATE TABLE t (at date, m mood DEFAULT 'sad') PARTITION BY RANGE (at);
CREATE TABLE t_old PARTITION OF t FOR VALUES FROM ('2000-01-01') TO ('2010-01-01');

-- case: an enum below a domain gains a value
-- before
CREATE TYPE mood AS ENUM ('sad', 'glad');
-- after
CREATE TYPE mood AS ENUM ('sad', 'glad', 'merry');
-- both
CREATE DOMAIN kind_mood AS mood;
CREATE TABLE t (m kind_mood);

-- case: values of an enum are renamed by hints
-- golden: enum_renamed_values
-- before
CREATE SCHEMA s;
CREATE TYPE state AS ENUM ('open', 'paid', 'In Transit');
CREATE TYPE s.state AS ENUM ('open', 'shut');
CREATE TABLE t (a state DEFAULT 'open', b state[], n integer, CHECK (a <> 'paid' OR n > 0));
CREATE VIEW v AS SELECT n FROM t WHERE a = 'open';
-- after
CREATE SCHEMA s;
CREATE TYPE state AS ENUM (
    'sent', -- renamed from: open
    'paid',
    -- renamed from: In Transit
    'moving',
    'lost'
);
CREATE TYPE s.state AS ENUM (
    'ajar', -- renamed from: 'open'
    'shut'
);
CREATE TABLE t (a state DEFAULT 'sent', b state[], n integer, CHECK (a <> 'paid' OR n > 0));
CREATE VIEW v AS SELECT n FROM t WHERE a = 'sent';

-- case: values of an enum get names of each other
-- before
CREATE TYPE state AS ENUM ('a', 'b');
CREATE TABLE t (x state, n integer);
-- after
CREATE TYPE state AS ENUM (
    'b', -- renamed from: a
    'c' -- renamed from: b
);
CREATE TABLE t (x state, n integer);

-- case: a renamed enum has a renamed value
-- before
CREATE TYPE state AS ENUM ('a', 'b');
CREATE TABLE t (x state, n integer);
-- after
-- renamed from: state
CREATE TYPE stage AS ENUM (
    'a',
    'c' -- renamed from: b
);
CREATE TABLE t (x stage, n integer);

-- case: hints about values are spent once they are done
-- same
-- both
CREATE TYPE state AS ENUM (
    'b', -- renamed from: a
    'c' -- renamed from: b
);

-- case: values of an enum can't change places
-- refused: `b` can't be renamed to `a`: values can't change places
-- before
CREATE TYPE state AS ENUM ('a', 'b');
-- after
CREATE TYPE state AS ENUM (
    'a', -- renamed from: b
    'b' -- renamed from: a
);

-- case: a value in the place of another one may be that by another name
-- says: if a new value is an old one by another name, `-- renamed from: OLD` on its line says so
-- before
CREATE TYPE state AS ENUM ('open', 'paid');
CREATE TABLE t (x state, n integer) PARTITION BY LIST (n);
CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
-- after
CREATE TYPE state AS ENUM ('sent', 'paid');
CREATE TABLE t (x state, n integer) PARTITION BY LIST (n);
CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
-- hides: t1.x has no value
