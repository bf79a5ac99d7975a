-- Partitioned tables, their partitions, and tables that inherit.

-- case: a table partitioned by range is created
-- after
CREATE TABLE reading (device integer, at timestamptz NOT NULL, value float8, PRIMARY KEY (device, at)) PARTITION BY RANGE (at);
CREATE TABLE reading_2024 PARTITION OF reading FOR VALUES FROM ('2024-01-01 00:00+00') TO ('2025-01-01 00:00+00');
CREATE TABLE reading_rest PARTITION OF reading DEFAULT;
CREATE INDEX reading_value ON reading (value);

-- case: a table partitioned by list is dropped
-- before
CREATE TABLE city (country text, name text) PARTITION BY LIST (country);
CREATE TABLE city_eu PARTITION OF city FOR VALUES IN ('de', 'fr', NULL);
CREATE TABLE city_us PARTITION OF city FOR VALUES IN ('us');

-- case: a table partitioned by hash is created
-- after
CREATE TABLE account (id bigint PRIMARY KEY, name text) PARTITION BY HASH (id);
CREATE TABLE account_0 PARTITION OF account FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE account_1 PARTITION OF account FOR VALUES WITH (MODULUS 2, REMAINDER 1);

-- case: partitions of partitions are created
-- after
CREATE TABLE sale (region text, at date, sum numeric) PARTITION BY LIST (region);
CREATE TABLE sale_north PARTITION OF sale FOR VALUES IN ('n') PARTITION BY RANGE (at);
CREATE TABLE sale_north_old PARTITION OF sale_north FOR VALUES FROM (MINVALUE) TO ('2020-01-01');
CREATE TABLE sale_north_new PARTITION OF sale_north FOR VALUES FROM ('2020-01-01') TO (MAXVALUE);

-- case: a partition is added
-- rows
-- before
CREATE TABLE reading (at date, value float8) PARTITION BY RANGE (at);
CREATE TABLE reading_a PARTITION OF reading FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
-- after
CREATE TABLE reading (at date, value float8) PARTITION BY RANGE (at);
CREATE TABLE reading_a PARTITION OF reading FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE reading_b PARTITION OF reading FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');

-- case: a partition is detached
-- rows
-- before
CREATE TABLE reading (at date, value float8) PARTITION BY RANGE (at);
CREATE TABLE reading_a PARTITION OF reading FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
-- after
CREATE TABLE reading (at date, value float8) PARTITION BY RANGE (at);
CREATE TABLE reading_a (at date, value float8);

-- case: a partition with indexes and keys of its parent is detached
-- before
CREATE TABLE reading (id integer, at date, value float8, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE reading_a PARTITION OF reading FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE INDEX reading_value ON reading (value);
-- after
CREATE TABLE reading (id integer, at date, value float8, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE INDEX reading_value ON reading (value);
CREATE TABLE reading_a (id integer, at date, value float8, PRIMARY KEY (id, at));
CREATE INDEX reading_a_value_idx ON reading_a (value);

-- case: the bounds of a partition change
-- rows
-- before
CREATE TABLE city (country text, name text) PARTITION BY LIST (country);
CREATE TABLE city_eu PARTITION OF city FOR VALUES IN ('de');
-- after
CREATE TABLE city (country text, name text) PARTITION BY LIST (country);
CREATE TABLE city_eu PARTITION OF city FOR VALUES IN ('de', 'fr');

-- case: a default partition gives values to a new one
-- rows
-- golden: default_partition
-- before
CREATE TABLE city (country text, name text) PARTITION BY LIST (country);
CREATE TABLE city_rest PARTITION OF city DEFAULT;
-- after
CREATE TABLE city (country text, name text) PARTITION BY LIST (country);
CREATE TABLE city_de PARTITION OF city FOR VALUES IN ('de');
CREATE TABLE city_rest PARTITION OF city DEFAULT;

-- case: the partition key changes
-- before
CREATE TABLE city (country text, name text) PARTITION BY LIST (country);
CREATE TABLE city_rest PARTITION OF city DEFAULT;
-- after
CREATE TABLE city (country text, name text) PARTITION BY LIST (lower(country));
CREATE TABLE city_rest PARTITION OF city DEFAULT;

-- case: a column is added to a partitioned table
-- both
CREATE TABLE reading (at date, value float8) PARTITION BY RANGE (at);
CREATE TABLE reading_a PARTITION OF reading FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
-- after
ALTER TABLE reading ADD unit text NOT NULL DEFAULT 'm';

-- case: a column of a partitioned table changes its type
-- before
CREATE TABLE reading (at date, value real) PARTITION BY RANGE (at);
CREATE TABLE reading_a PARTITION OF reading FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
-- after
CREATE TABLE reading (at date, value float8) PARTITION BY RANGE (at);
CREATE TABLE reading_a PARTITION OF reading FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');

-- case: the column of a partition key changes its type
-- before
CREATE TABLE reading (at date, value real) PARTITION BY RANGE (at);
CREATE TABLE reading_a PARTITION OF reading FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
-- after
CREATE TABLE reading (at timestamp, value real) PARTITION BY RANGE (at);
CREATE TABLE reading_a PARTITION OF reading FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');

-- case: an index of a partitioned table is added
-- both
CREATE TABLE reading (at date, value real) PARTITION BY RANGE (at);
CREATE TABLE reading_a PARTITION OF reading FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
-- after
CREATE INDEX reading_at ON reading (at);

-- case: an index of a partitioned table changes
-- both
CREATE TABLE reading (at date, value real) PARTITION BY RANGE (at);
CREATE TABLE reading_a PARTITION OF reading FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
-- before
CREATE INDEX reading_i ON reading (at);
-- after
CREATE INDEX reading_i ON reading (at, value);

-- case: a partition has an index, a check, a default and a trigger of its own
-- both
CREATE TABLE reading (at date, value real) PARTITION BY RANGE (at);
CREATE TABLE reading_a PARTITION OF reading FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
-- after
CREATE INDEX a_value ON reading_a (value);
ALTER TABLE reading_a ADD CONSTRAINT hot CHECK (value > 30), ALTER value SET DEFAULT 31, ALTER value SET NOT NULL;
CREATE TRIGGER note BEFORE INSERT ON reading_a FOR EACH ROW EXECUTE FUNCTION noted();

-- case: a trigger of a partitioned table is added
-- both
CREATE TABLE reading (at date, value real) PARTITION BY RANGE (at);
CREATE TABLE reading_a PARTITION OF reading FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
-- after
CREATE TRIGGER note AFTER INSERT ON reading FOR EACH ROW EXECUTE FUNCTION noted();

-- case: a unique constraint of a partitioned table is added
-- both
CREATE TABLE reading (device integer, at date, value real) PARTITION BY RANGE (at);
CREATE TABLE reading_a PARTITION OF reading FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
-- after
ALTER TABLE reading ADD CONSTRAINT once UNIQUE (device, at);

-- case: a check of a partitioned table is added
-- both
CREATE TABLE reading (device integer, at date, value real) PARTITION BY RANGE (at);
CREATE TABLE reading_a PARTITION OF reading FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
-- after
ALTER TABLE reading ADD CONSTRAINT warm CHECK (value > -80);

-- case: a foreign key from a partitioned table is added
-- both
CREATE TABLE device (id integer PRIMARY KEY);
CREATE TABLE reading (device integer, at date, value real) PARTITION BY RANGE (at);
CREATE TABLE reading_a PARTITION OF reading FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
-- after
ALTER TABLE reading ADD CONSTRAINT of_device FOREIGN KEY (device) REFERENCES device ON DELETE CASCADE;

-- case: a foreign key to a partitioned table is added
-- both
CREATE TABLE reading (device integer, at date, PRIMARY KEY (device, at)) PARTITION BY RANGE (at);
CREATE TABLE reading_a PARTITION OF reading FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE note (device integer, at date, text text);
-- after
ALTER TABLE note ADD CONSTRAINT on_reading FOREIGN KEY (device, at) REFERENCES reading;

-- case: a partition gets options and goes
-- before
CREATE TABLE reading (at date, value real) PARTITION BY RANGE (at);
CREATE TABLE reading_a PARTITION OF reading FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE reading_b PARTITION OF reading FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
-- after
CREATE TABLE reading (at date, value real) PARTITION BY RANGE (at);
CREATE TABLE reading_b PARTITION OF reading FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') WITH (fillfactor = 60);

-- case: a partitioned table with a view, a policy and a comment is created
-- after
CREATE TABLE reading (at date, value real) PARTITION BY RANGE (at);
CREATE TABLE reading_a PARTITION OF reading FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE VIEW hot AS SELECT * FROM reading WHERE value > 30;
CREATE POLICY seen ON reading USING (value > 0);
COMMENT ON TABLE reading_a IS 'one year';
COMMENT ON COLUMN reading.value IS 'in degrees';

-- case: partitions are keyed by an expression and a bound of several columns
-- after
CREATE TABLE log (host text, at timestamp, n integer) PARTITION BY RANGE (date_trunc('day', at), n);
CREATE TABLE log_a PARTITION OF log FOR VALUES FROM ('2024-01-01', MINVALUE) TO ('2024-06-01', 5);

-- case: tables that inherit are created
-- after
CREATE TABLE vehicle (id integer PRIMARY KEY, wheels integer NOT NULL DEFAULT 4 CHECK (wheels > 0));
CREATE TABLE lorry (load numeric) INHERITS (vehicle);
CREATE TABLE tandem (riders integer, wheels integer DEFAULT 2) INHERITS (vehicle);

-- case: a table starts to inherit
-- before
CREATE TABLE vehicle (id integer, wheels integer);
CREATE TABLE lorry (id integer, wheels integer, load numeric);
-- after
CREATE TABLE vehicle (id integer, wheels integer);
CREATE TABLE lorry (id integer, wheels integer, load numeric) INHERITS (vehicle);

-- case: a table inherits from another parent
-- before
CREATE TABLE a (id integer);
CREATE TABLE b (id integer);
CREATE TABLE c (id integer, x text) INHERITS (a);
-- after
CREATE TABLE a (id integer);
CREATE TABLE b (id integer);
CREATE TABLE c (id integer, x text) INHERITS (b);

-- case: a table inherits from two
-- before
CREATE TABLE a (id integer, p text);
CREATE TABLE b (id integer, q text);
CREATE TABLE c (x text) INHERITS (a);
-- after
CREATE TABLE a (id integer, p text);
CREATE TABLE b (id integer, q text);
CREATE TABLE c (x text, q text) INHERITS (a, b);

-- case: a column of a parent is added, changed and dropped
-- before
CREATE TABLE vehicle (id integer, wheels smallint, paint text);
CREATE TABLE lorry (load numeric) INHERITS (vehicle);
-- after
CREATE TABLE vehicle (id integer, wheels integer, maker text DEFAULT 'x');
CREATE TABLE lorry (load numeric) INHERITS (vehicle);

-- case: a parent gets a check that is not for its children
-- before
CREATE TABLE vehicle (id integer, wheels smallint);
CREATE TABLE lorry (load numeric) INHERITS (vehicle);
-- after
CREATE TABLE vehicle (id integer, wheels smallint, CONSTRAINT own CHECK (wheels < 4) NO INHERIT, CONSTRAINT every CHECK (id > 0));
CREATE TABLE lorry (load numeric) INHERITS (vehicle);

-- case: a parent goes and its child stays
-- before
CREATE TABLE vehicle (id integer, wheels smallint);
CREATE TABLE lorry (id integer, wheels smallint, load numeric) INHERITS (vehicle);
-- after
CREATE TABLE lorry (id integer, wheels smallint, load numeric);

-- case: a partition gets a unique index of its own
-- both
CREATE TABLE log (at date, n integer) PARTITION BY RANGE (at);
CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
-- after
CREATE UNIQUE INDEX log_n ON log_1 (n) WHERE n > 0;

-- case: a partition with a check of its parent is detached
-- before
CREATE TABLE log (at date, n integer CHECK (n > 0)) PARTITION BY RANGE (at);
CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
-- after
CREATE TABLE log (at date, n integer CHECK (n > 0)) PARTITION BY RANGE (at);
CREATE TABLE log_1 (at date, n integer);

-- case: a partitioned table that refers to itself goes
-- before
CREATE TABLE p (id int PRIMARY KEY, other int REFERENCES p) PARTITION BY RANGE (id);
CREATE TABLE a_part PARTITION OF p FOR VALUES FROM (0) TO (10);
CREATE TABLE z_part PARTITION OF p FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (id);
CREATE TABLE b_part PARTITION OF z_part FOR VALUES FROM (10) TO (15);

-- case: a partitioned table goes with the table that refers to it
-- before
CREATE TABLE p (id int PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE a_part PARTITION OF p FOR VALUES FROM (0) TO (10);
CREATE TABLE q (id int REFERENCES p);

-- case: a partition goes from a table that another one refers to
-- before
CREATE TABLE p (id int PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE a_part PARTITION OF p FOR VALUES FROM (0) TO (10);
CREATE TABLE b_part PARTITION OF p FOR VALUES FROM (10) TO (20);
CREATE TABLE q (id int REFERENCES p);
-- after
CREATE TABLE p (id int PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE a_part PARTITION OF p FOR VALUES FROM (0) TO (10);
CREATE TABLE q (id int REFERENCES p);

-- case: a table becomes the partition of a new one by range
-- rows
-- before
CREATE TABLE reading_a (at date, value float8);
-- after
CREATE TABLE reading (at date, value float8) PARTITION BY RANGE (at);
CREATE TABLE reading_a PARTITION OF reading FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');

-- case: a table becomes a further partition by range of two columns
-- rows
-- before
CREATE TABLE reading (at date, n integer) PARTITION BY RANGE (at, n);
CREATE TABLE reading_a PARTITION OF reading FOR VALUES FROM ('2024-01-01', 1) TO ('2024-02-01', 7);
CREATE TABLE reading_b (at date, n integer);
-- after
CREATE TABLE reading (at date, n integer) PARTITION BY RANGE (at, n);
CREATE TABLE reading_a PARTITION OF reading FOR VALUES FROM ('2024-01-01', 1) TO ('2024-02-01', 7);
CREATE TABLE reading_b PARTITION OF reading FOR VALUES FROM ('2024-02-01', 7) TO ('2024-02-01', 9);

-- case: tables become the partitions of a new one by list
-- rows
-- before
CREATE TABLE city_eu (country text, name text);
CREATE TABLE city_none (country text, name text);
-- after
CREATE TABLE city (country text, name text) PARTITION BY LIST (lower(country));
CREATE TABLE city_eu PARTITION OF city FOR VALUES IN ('germany', 'it''s France');
CREATE TABLE city_none PARTITION OF city FOR VALUES IN (NULL);

-- case: a table becomes a partition of a list with an enum that is new
-- rows
-- before
CREATE TABLE coat_red (tone text, size integer);
-- after
CREATE TYPE color AS ENUM ('red', 'blue');
CREATE TABLE coat (tone color, size integer) PARTITION BY LIST (tone);
CREATE TABLE coat_red PARTITION OF coat FOR VALUES IN ('red');

-- case: tables become the partitions of a new one by hash
-- rows
-- before
CREATE TABLE account_0 (id bigint, name text);
CREATE TABLE account_1 (id bigint, name text);
-- after
CREATE TABLE account (id bigint, name text) PARTITION BY HASH (id);
CREATE TABLE account_0 PARTITION OF account FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE account_1 PARTITION OF account FOR VALUES WITH (MODULUS 2, REMAINDER 1);

-- case: a table becomes a partition of a partition
-- rows
-- before
CREATE TABLE sale_north_new (region text, at date, sum numeric);
-- after
CREATE TABLE sale (region text, at date, sum numeric) PARTITION BY LIST (region);
CREATE TABLE sale_north PARTITION OF sale FOR VALUES IN ('north') PARTITION BY RANGE (at);
CREATE TABLE sale_north_new PARTITION OF sale_north FOR VALUES FROM ('2020-01-01') TO ('2020-03-01');

-- case: a partitioned table becomes a partition with its own
-- rows
-- before
CREATE TABLE sale_north (region text, at date, sum numeric) PARTITION BY RANGE (at);
CREATE TABLE sale_north_new PARTITION OF sale_north FOR VALUES FROM ('2020-01-01') TO ('2020-03-01');
-- after
CREATE TABLE sale (region text, at date, sum numeric) PARTITION BY LIST (region);
CREATE TABLE sale_north PARTITION OF sale FOR VALUES IN ('north') PARTITION BY RANGE (at);
CREATE TABLE sale_north_new PARTITION OF sale_north FOR VALUES FROM ('2020-01-01') TO ('2020-03-01');

-- case: a table becomes the default partition
-- rows
-- before
CREATE TABLE city (country text, name text) PARTITION BY LIST (country);
CREATE TABLE city_eu PARTITION OF city FOR VALUES IN ('a', 'b', 'c');
CREATE TABLE city_rest (country text, name text, CHECK (country IN ('a', 'z')));
-- after
CREATE TABLE city (country text, name text) PARTITION BY LIST (country);
CREATE TABLE city_eu PARTITION OF city FOR VALUES IN ('a', 'b', 'c');
CREATE TABLE city_rest PARTITION OF city (CONSTRAINT city_rest_country_check CHECK (country IN ('a', 'z'))) DEFAULT;

-- case: a table becomes a partition under keys and conditions of its parent
-- rows
-- both
CREATE TABLE device (id integer PRIMARY KEY);
-- before
CREATE TABLE reading_a (at date, device integer, n integer);
-- after
CREATE TABLE reading (at date, device integer REFERENCES device, n integer, PRIMARY KEY (at, n), CHECK (n > 5000)) PARTITION BY RANGE (at);
CREATE TABLE reading_a PARTITION OF reading FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
CREATE UNIQUE INDEX reading_u ON reading (device, at);

-- case: a renamed table becomes a partition
-- rows
-- before
CREATE TABLE old_readings (at date, value float8);
-- after
CREATE TABLE reading (at date, value float8) PARTITION BY RANGE (at);
CREATE TABLE reading_a ( -- renamed from: old_readings
    at date,
    value float8
);
ALTER TABLE reading ATTACH PARTITION reading_a FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');

-- case: a partition goes from one table to another
-- rows
-- before
CREATE TABLE one (at date, n integer) PARTITION BY RANGE (at);
CREATE TABLE two (at date, n integer) PARTITION BY RANGE (at);
CREATE TABLE part PARTITION OF one FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
-- after
CREATE TABLE one (at date, n integer) PARTITION BY RANGE (at);
CREATE TABLE two (at date, n integer) PARTITION BY RANGE (at);
CREATE TABLE part PARTITION OF two FOR VALUES FROM ('2024-01-15') TO ('2024-03-01');

-- case: a partition goes below another one
-- before
CREATE TABLE one (at date, n integer) PARTITION BY RANGE (at);
CREATE TABLE mid PARTITION OF one FOR VALUES FROM ('2020-01-01') TO ('2021-01-01') PARTITION BY LIST (n);
CREATE TABLE part PARTITION OF one FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
-- after
CREATE TABLE one (at date, n integer) PARTITION BY RANGE (at);
CREATE TABLE mid PARTITION OF one FOR VALUES FROM ('2020-01-01') TO ('2021-01-01') PARTITION BY LIST (n);
CREATE TABLE part PARTITION OF mid FOR VALUES IN (3);

-- case: a partition of a partition is detached
-- rows
-- before
CREATE TABLE one (at date, n integer) PARTITION BY RANGE (at);
CREATE TABLE mid PARTITION OF one FOR VALUES FROM ('2020-01-01') TO ('2021-01-01') PARTITION BY HASH (n);
CREATE TABLE part PARTITION OF mid FOR VALUES WITH (MODULUS 4, REMAINDER 1);
-- after
CREATE TABLE one (at date, n integer) PARTITION BY RANGE (at);
CREATE TABLE mid PARTITION OF one FOR VALUES FROM ('2020-01-01') TO ('2021-01-01') PARTITION BY HASH (n);
CREATE TABLE part (at date, n integer);

-- case: a table with a key becomes a partition of a new table of its name
-- golden: root_of_the_old_name
-- rows
-- before
CREATE TABLE ev (id integer PRIMARY KEY, n text);
CREATE INDEX ev_n_idx ON ev (n);
-- after
CREATE TABLE ev (id integer PRIMARY KEY, n text) PARTITION BY RANGE (id);
CREATE INDEX ev_n_idx ON ev (n);
-- renamed from: ev
CREATE TABLE ev_old PARTITION OF ev FOR VALUES FROM (MINVALUE) TO (1000);

-- case: a key refers to a root once a table with its rows is a partition
-- golden: attach_for_key
-- rows
-- before
CREATE TABLE t (id integer PRIMARY KEY, n text) PARTITION BY RANGE (id);
CREATE TABLE x (id integer PRIMARY KEY, n text);
CREATE TABLE r (x integer CONSTRAINT r_x_fkey REFERENCES x);
-- after
CREATE TABLE t (id integer PRIMARY KEY, n text) PARTITION BY RANGE (id);
CREATE TABLE x PARTITION OF t FOR VALUES FROM (1) TO (10);
CREATE TABLE r (x integer CONSTRAINT r_x_fkey REFERENCES t);

-- case: a key refers to a root, and then to a table that was a partition
-- rows
-- before
CREATE TABLE t (id integer PRIMARY KEY, n text) PARTITION BY RANGE (id);
CREATE TABLE x PARTITION OF t FOR VALUES FROM (1) TO (10);
CREATE TABLE r (x integer CONSTRAINT r_x_fkey REFERENCES t);
-- after
CREATE TABLE t (id integer PRIMARY KEY, n text) PARTITION BY RANGE (id);
CREATE TABLE x (id integer PRIMARY KEY, n text);
CREATE TABLE r (x integer CONSTRAINT r_x_fkey REFERENCES x);

-- case: a table becomes a partition as a column of its parent changes its type
-- before
CREATE TABLE t (a integer NOT NULL, b integer) PARTITION BY RANGE (a);
CREATE TABLE t1 (a integer NOT NULL, b integer);
-- after
CREATE TABLE t (a integer NOT NULL, b bigint) PARTITION BY RANGE (a);
CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (1) TO (10);

-- case: a table becomes a partition as its parent gets a column with a rule
-- before
CREATE TABLE t (a integer NOT NULL, b integer) PARTITION BY RANGE (a);
CREATE TABLE t1 (a integer NOT NULL, b integer);
-- after
CREATE TABLE t (a integer NOT NULL, b integer, d integer DEFAULT 5 CHECK (d > 0)) PARTITION BY RANGE (a);
CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (1) TO (10);

-- case: a table becomes a partition as a column of its parent refuses NULL
-- before
CREATE TABLE t (a integer NOT NULL, b integer) PARTITION BY RANGE (a);
CREATE TABLE t1 (a integer NOT NULL, b integer);
-- after
CREATE TABLE t (a integer NOT NULL, b integer NOT NULL) PARTITION BY RANGE (a);
CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (1) TO (10);

-- case: a partition keeps a key and indexes that have names of their own
-- says: -- detected: change table x
-- hides: -- detected: drop
-- hides: -- detected: create
-- rows
-- before
CREATE TABLE d (id integer PRIMARY KEY);
CREATE TABLE t (id integer, n text, d integer REFERENCES d, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE INDEX t_n_idx ON t (n DESC) WHERE n <> '';
CREATE UNIQUE INDEX t_u ON t (id, n);
CREATE TABLE x (id integer, n text, d integer CONSTRAINT xd REFERENCES d, CONSTRAINT xpk PRIMARY KEY (id));
CREATE INDEX xn ON x (n DESC) WHERE n <> '';
CREATE UNIQUE INDEX xu ON x (id, n);
-- after
CREATE TABLE d (id integer PRIMARY KEY);
CREATE TABLE t (id integer, n text, d integer REFERENCES d, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE INDEX t_n_idx ON t (n DESC) WHERE n <> '';
CREATE UNIQUE INDEX t_u ON t (id, n);
CREATE TABLE x PARTITION OF t FOR VALUES FROM (1) TO (10);

-- case: a partition drops an index that is there twice, and one of another order
-- says: -- detected: drop index xn2
-- says: -- detected: drop index xn3
-- says: DROP INDEX public.xn2
-- says: DROP INDEX public.xn3
-- hides: -- detected: drop index xn1
-- hides: DROP INDEX public.xn1
-- before
CREATE TABLE t (id integer, n text) PARTITION BY RANGE (id);
CREATE INDEX t_n_idx ON t (n);
CREATE TABLE x (id integer, n text);
CREATE INDEX xn3 ON x (n DESC);
CREATE INDEX xn1 ON x (n);
CREATE INDEX xn2 ON x (n);
-- after
CREATE TABLE t (id integer, n text) PARTITION BY RANGE (id);
CREATE INDEX t_n_idx ON t (n);
CREATE TABLE x PARTITION OF t FOR VALUES FROM (1) TO (10);

-- case: a table that was a partition has its key and indexes under other names
-- hides: -- detected: create
-- before
CREATE TABLE t (id integer, n text, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE INDEX t_n_idx ON t (n);
CREATE TABLE x PARTITION OF t FOR VALUES FROM (1) TO (10);
-- after
CREATE TABLE t (id integer, n text, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE INDEX t_n_idx ON t (n);
CREATE TABLE x (id integer, n text, CONSTRAINT xpk PRIMARY KEY (id));
CREATE INDEX xn ON x (n);

-- case: the identity of a table goes over to the one that it becomes a partition of
-- before
CREATE TABLE ev (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n text);
-- after
CREATE TABLE ev (id int GENERATED ALWAYS AS IDENTITY, n text, PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE TABLE ev_old ( -- renamed from: ev
    id int PRIMARY KEY, n text
);
ALTER TABLE ev ATTACH PARTITION ev_old FOR VALUES FROM (1) TO (1000000);
-- says: SELECT setval(pg_get_serial_sequence('public.ev', 'id'), max(id)) FROM public.ev

-- case: a table with an index becomes a partition of a new one with its name and the index's
-- before
CREATE TABLE ev (id integer, n text);
CREATE INDEX evn ON ev (n);
-- after
CREATE TABLE ev (id integer, n text) PARTITION BY RANGE (id);
-- renamed from: ev
CREATE TABLE ev_old PARTITION OF ev FOR VALUES FROM (0) TO (1000);
CREATE INDEX evn ON ev (n);
