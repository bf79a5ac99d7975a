-- Changes of tables in use, where things meet.

-- case: a dropped index whose name a table takes
-- options: online concurrent_indexes
-- before
CREATE TABLE t (a int);
CREATE INDEX x ON t (a);
-- after
CREATE TABLE t (a int);
CREATE TABLE x (a int);

-- case: a unique index becomes a constraint of the same name
-- options: online concurrent_indexes
-- before
CREATE TABLE t (a int);
CREATE UNIQUE INDEX x ON t (a);
-- after
CREATE TABLE t (a int CONSTRAINT x UNIQUE);

-- case: a unique constraint becomes an index of the same name
-- options: online concurrent_indexes
-- before
CREATE TABLE t (a int CONSTRAINT x UNIQUE);
-- after
CREATE TABLE t (a int);
CREATE UNIQUE INDEX x ON t (a);

-- case: a table that is renamed by another one, with an index
-- options: online concurrent_indexes
-- before
CREATE TABLE t (a int, b int);
CREATE INDEX i ON t (a);
CREATE VIEW v AS SELECT a FROM t;
-- after
CREATE TABLE t (a bigint, b int NOT NULL, CONSTRAINT c CHECK (b > 0));
CREATE INDEX i ON t (a, b);
CREATE VIEW v AS SELECT a, b FROM t;

-- case: a view that needs a primary key
-- options: online
-- before
CREATE TABLE t (id int NOT NULL, a int);
-- after
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE VIEW v AS SELECT id, a FROM t GROUP BY id;

-- case: an index over a new function
-- options: concurrent_indexes
-- says: CONCURRENTLY
-- before
CREATE TABLE t (a int);
-- after
CREATE TABLE t (a int);
CREATE FUNCTION f(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1';
CREATE INDEX i ON t (f(a));

-- case: a function under an index goes with it
-- options: concurrent_indexes
-- before
CREATE TABLE t (a int);
CREATE FUNCTION f(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1';
CREATE INDEX i ON t (f(a));
-- after
CREATE TABLE t (a int);

-- case: two columns that refuse NULL, of which one is in a key
-- options: online
-- says up to 17: SET NOT NULL, DROP CONSTRAINT
-- before
CREATE TABLE t (a int, b int);
-- after
CREATE TABLE t (a int NOT NULL, b int NOT NULL, UNIQUE (a));

-- case: long names
-- options: online concurrent_indexes
-- says: VALIDATE CONSTRAINT
-- before
CREATE TABLE a_table_with_a_name_that_is_nearly_as_long_as_names_can_be_here (a_column_with_a_name_that_is_nearly_as_long_as_names_can_be_too int);
-- after
CREATE TABLE a_table_with_a_name_that_is_nearly_as_long_as_names_can_be_here (a_column_with_a_name_that_is_nearly_as_long_as_names_can_be_too int NOT NULL CHECK (a_column_with_a_name_that_is_nearly_as_long_as_names_can_be_too > 0));

-- case: quoted names
-- options: online concurrent_indexes
-- says: VALIDATE CONSTRAINT
-- before
CREATE SCHEMA "S s";
CREATE TABLE "S s"."T t" ("A a" int);
-- after
CREATE SCHEMA "S s";
CREATE TABLE "S s"."T t" ("A a" int NOT NULL CONSTRAINT "C c" CHECK ("A a" > 0), CONSTRAINT "U u" UNIQUE ("A a"));
CREATE INDEX "I i" ON "S s"."T t" ("A a" DESC);

-- case: children of a table
-- options: online concurrent_indexes
-- before
CREATE TABLE p (a int);
CREATE TABLE c (b int) INHERITS (p);
-- after
CREATE TABLE p (a int NOT NULL CONSTRAINT k CHECK (a > 0));
CREATE TABLE c (b int) INHERITS (p);
CREATE INDEX p_a ON p (a);
CREATE INDEX c_a ON c (a);

-- case: partitions with rules of their own
-- options: online concurrent_indexes
-- before
CREATE TABLE p (a int, b int) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
-- after
CREATE TABLE p (a int, b int NOT NULL, CONSTRAINT k CHECK (b > 0)) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
ALTER TABLE p1 ADD CONSTRAINT k1 CHECK (b > 1);
CREATE INDEX p1_b ON p1 (b);
CREATE UNIQUE INDEX p_a ON p (a);

-- case: a table that becomes partitioned
-- options: online concurrent_indexes
-- before
CREATE TABLE t (a int, b int);
CREATE INDEX t_b ON t (b);
-- after
CREATE TABLE t (a int, b int NOT NULL CHECK (b > 0)) PARTITION BY LIST (a);
CREATE INDEX t_b ON t (b, a);

-- case: rights and indexes at once
-- options: online concurrent_indexes privileges
-- says: VALIDATE CONSTRAINT
-- both
GRANT CREATE ON SCHEMA public TO writer;
-- before
CREATE TABLE t (a int);
ALTER TABLE t OWNER TO writer;
GRANT SELECT (a) ON t TO reader;
-- after
CREATE TABLE t (a int NOT NULL CHECK (a > 0), b int);
ALTER TABLE t OWNER TO writer;
GRANT SELECT (a), UPDATE (b) ON t TO reader;
CREATE INDEX t_a ON t (a);

-- case: a partition is detached with an index and a key
-- options: online concurrent_indexes
-- hides: CONCURRENTLY
-- before
CREATE TABLE p (id int, a date, PRIMARY KEY (id, a)) PARTITION BY RANGE (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE INDEX p_a ON p (a);
-- after
CREATE TABLE p (id int, a date, PRIMARY KEY (id, a)) PARTITION BY RANGE (a);
CREATE TABLE p1 (id int, a date, PRIMARY KEY (id, a));
CREATE INDEX p_a ON p (a);
CREATE INDEX p1_a_idx ON p1 (a);

-- case: online: NOT NULL with a name, of which NULLs are filled
-- from: 18
-- options: online
-- before
CREATE TABLE t (a integer, b integer DEFAULT 5);
-- after
CREATE TABLE t (a integer CONSTRAINT own NOT NULL, b integer NOT NULL DEFAULT 5);
COMMENT ON CONSTRAINT own ON t IS 'why';
-- says: ALTER TABLE public.t ADD CONSTRAINT own NOT NULL a NOT VALID;
-- says: ALTER TABLE public.t VALIDATE CONSTRAINT own;
-- says: UPDATE public.t SET b = 5 WHERE b IS NULL;
-- says: ALTER TABLE public.t VALIDATE CONSTRAINT t_b_not_null;
-- hides: CHECK

-- case: columns in use are filled in the order of their needs
-- options: online
-- says: UPDATE public.t SET a = coalesce(a, z || '!'), b = coalesce(b, 7) WHERE a IS NULL OR b IS NULL;
-- before
CREATE TABLE t (id integer, z text, a text, b integer);
-- after
CREATE TABLE t (
    id integer,
    z text NOT NULL, -- backfill: 'none'
    a text NOT NULL, -- backfill: z || '!'
    b integer NOT NULL DEFAULT 7
);

-- case: a column from which another one is filled isn't put off
-- options: online
-- says: UPDATE public.t SET b = 'none' WHERE b IS NULL;
-- before
CREATE TABLE t (b text, d integer);
-- after
CREATE TABLE t (
    b text NOT NULL, -- backfill: 'none'
    c text NOT NULL, -- backfill: b
    d integer CHECK (d > 0)
);

-- case: triggers are off while columns in use are filled
-- options: online
-- says: DO $fill$
-- says: triggers of t are off while rows are filled; nobody else writes meanwhile
-- before
CREATE TABLE log (a integer);
CREATE TABLE t (a integer, u date);
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.u := '2030-01-01'; RETURN new; END $$;
CREATE TRIGGER note BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION noted();
-- after
CREATE TABLE log (a integer);
CREATE TABLE t (a integer NOT NULL DEFAULT 7, u date);
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.u := '2030-01-01'; RETURN new; END $$;
CREATE TRIGGER note BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION noted();

-- case: a fill for NULL leaves the values of a column that gets another type
-- options: online
-- hides: USING (0)
-- before
CREATE TABLE t (id integer PRIMARY KEY, b integer);
-- after
CREATE TABLE t (
    id integer PRIMARY KEY,
    b bigint NOT NULL -- backfill: 0
);
