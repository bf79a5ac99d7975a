-- Changes of tables in use: a second revision, whose statements stand alone.

-- case: an index is built while its table is in use
-- options: concurrent_indexes
-- says: -- apart: indexes while tables are in use
-- says: CREATE INDEX CONCURRENTLY t_a ON public.t
-- before
CREATE TABLE t (id int, a int);
INSERT INTO t VALUES (1, 2);
-- after
CREATE TABLE t (id int, a int, b text);
CREATE INDEX t_a ON t (a);
COMMENT ON INDEX t_a IS 'the way to t';

-- case: without the option an index is built at once
-- says: CREATE INDEX t_a ON public.t
-- hides: CONCURRENTLY
-- before
CREATE TABLE t (id int, a int);
-- after
CREATE TABLE t (id int, a int);
CREATE INDEX t_a ON t (a);

-- case: indexes of new tables are built at once
-- options: concurrent_indexes online
-- hides: CONCURRENTLY
-- before
CREATE TABLE t (id int);
-- after
CREATE TABLE t (id int);
CREATE TABLE u (id int UNIQUE, a int NOT NULL CHECK (a > 0) REFERENCES u (id));
CREATE INDEX u_a ON u (a);

-- case: an index is dropped while its table is in use
-- options: concurrent_indexes
-- says: DROP INDEX CONCURRENTLY IF EXISTS public.t_a
-- before
CREATE TABLE t (id int, a int);
CREATE INDEX t_a ON t (a);
-- after
CREATE TABLE t (id int, a int);

-- case: an index goes with its column
-- options: concurrent_indexes
-- hides: CONCURRENTLY
-- before
CREATE TABLE t (id int, a int);
CREATE INDEX t_a ON t (a);
-- after
CREATE TABLE t (id int);

-- case: an index is built anew beside the one before
-- options: concurrent_indexes
-- says: CREATE INDEX CONCURRENTLY t_a_new ON public.t
-- says: ALTER INDEX public.t_a_new RENAME TO t_a
-- before
CREATE TABLE t (id int, a int);
CREATE INDEX t_a ON t (a);
-- after
CREATE TABLE t (id int, a int);
CREATE INDEX t_a ON t (a, id DESC) WHERE a > 0;
COMMENT ON INDEX t_a IS 'b';

-- case: an index of a column that gets another type
-- options: concurrent_indexes
-- before
CREATE TABLE t (id int, a int);
CREATE INDEX t_a ON t (a);
-- after
CREATE TABLE t (id int, a text);
CREATE INDEX t_a ON t (lower(a));

-- case: an index that a foreign key needs is built at once
-- options: concurrent_indexes online
-- hides: CREATE UNIQUE INDEX CONCURRENTLY
-- before
CREATE TABLE t (id int, a int);
CREATE TABLE u (a int);
-- after
CREATE TABLE t (id int, a int);
CREATE UNIQUE INDEX t_a ON t (a);
CREATE TABLE u (a int REFERENCES t (a));

-- case: an index that identifies rows is built at once
-- options: concurrent_indexes
-- hides: CONCURRENTLY
-- before
CREATE TABLE t (id int NOT NULL);
-- after
CREATE TABLE t (id int NOT NULL);
CREATE UNIQUE INDEX t_id ON t (id);
ALTER TABLE t REPLICA IDENTITY USING INDEX t_id;

-- case: an index of a partitioned table is built partition by partition
-- options: concurrent_indexes
-- says: CREATE INDEX t_a ON ONLY public.t USING btree (a)
-- says: CREATE INDEX CONCURRENTLY t1_a_idx ON public.t1 USING btree (a)
-- says: ALTER INDEX public.t2_a_idx ATTACH PARTITION public.t21_a_idx
-- before
CREATE TABLE t (id int, a int) PARTITION BY LIST (id);
CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
CREATE TABLE t2 PARTITION OF t FOR VALUES IN (2, 3) PARTITION BY LIST (id);
CREATE TABLE t21 PARTITION OF t2 FOR VALUES IN (2);
-- after
CREATE TABLE t (id int, a int) PARTITION BY LIST (id);
CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
CREATE TABLE t2 PARTITION OF t FOR VALUES IN (2, 3) PARTITION BY LIST (id);
CREATE TABLE t21 PARTITION OF t2 FOR VALUES IN (2);
CREATE INDEX t_a ON t (a);
COMMENT ON INDEX t_a IS 'x';

-- case: an index of a partitioned table is dropped at once
-- options: concurrent_indexes
-- hides: CONCURRENTLY
-- before
CREATE TABLE t (id int, a int) PARTITION BY LIST (id);
CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
CREATE INDEX t_a ON t (a);
-- after
CREATE TABLE t (id int, a int) PARTITION BY LIST (id);
CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);

-- case: an index of another name is renamed
-- options: concurrent_indexes
-- hides: CONCURRENTLY
-- before
CREATE TABLE t (id int, a int);
CREATE INDEX t_a ON t (a);
-- after
CREATE TABLE t (id int, a int);
CREATE INDEX t_b ON t (a);

-- case: an index over an expression, with options and targets
-- options: concurrent_indexes
-- says: CREATE INDEX CONCURRENTLY "T a" ON public.t
-- before
CREATE TABLE t (id int, a text);
-- after
CREATE TABLE t (id int, a text);
CREATE INDEX "T a" ON t (lower(a), upper(a)) WITH (fillfactor = 70);
ALTER INDEX "T a" ALTER COLUMN 1 SET STATISTICS 100;
ALTER TABLE t CLUSTER ON "T a";

-- case: a foreign key is validated later
-- options: online
-- says: NOT VALID
-- says: -- apart: validation of constraints while tables are in use
-- says: ALTER TABLE public.c VALIDATE CONSTRAINT c_p_fkey
-- hides: locks
-- before
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (p int);
-- after
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (p int REFERENCES p ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED);
COMMENT ON CONSTRAINT c_p_fkey ON c IS 'x';

-- case: a check is validated later
-- options: online
-- says: VALIDATE CONSTRAINT t_a_check
-- hides: locks
-- before
CREATE TABLE t (a int);
-- after
CREATE TABLE t (a int CHECK (a > 0));

-- case: a check that changes is validated later
-- options: online
-- says: VALIDATE CONSTRAINT c
-- before
CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0));
-- after
CREATE TABLE t (a int CONSTRAINT c CHECK (a > 1));

-- case: a foreign key of a partitioned table is validated at once
-- options: online
-- before
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (p int) PARTITION BY LIST (p);
CREATE TABLE c1 PARTITION OF c FOR VALUES IN (1);
-- after
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (p int REFERENCES p) PARTITION BY LIST (p);
CREATE TABLE c1 PARTITION OF c FOR VALUES IN (1);

-- case: a foreign key to a partitioned table is validated later
-- options: online
-- says: VALIDATE CONSTRAINT
-- before
CREATE TABLE p (id int PRIMARY KEY) PARTITION BY LIST (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE c (p int);
-- after
CREATE TABLE p (id int PRIMARY KEY) PARTITION BY LIST (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE c (p int REFERENCES p);

-- case: NOT NULL is checked before
-- options: online
-- says up to 17: ADD CONSTRAINT t_a_set_not_null CHECK ((a IS NOT NULL)) NOT VALID
-- says up to 17: ALTER TABLE public.t ALTER COLUMN a SET NOT NULL, DROP CONSTRAINT t_a_set_not_null
-- hides: locks
-- before
CREATE TABLE t (id int, a int);
-- after
CREATE TABLE t (id int, a int NOT NULL);

-- case: NOT NULL with a default for rows that are there
-- options: online
-- says: UPDATE public.t SET a = 7 WHERE a IS NULL
-- before
CREATE TABLE t (id int, a int);
-- after
CREATE TABLE t (id int, a int NOT NULL DEFAULT 7);

-- case: NOT NULL that a check proves is set at once
-- options: online
-- hides: apart: NOT NULL
-- before
CREATE TABLE t (a int CONSTRAINT c CHECK (a IS NOT NULL));
-- after
CREATE TABLE t (a int NOT NULL CONSTRAINT c CHECK (a IS NOT NULL));

-- case: a new column refuses NULL at once
-- options: online
-- before
CREATE TABLE t (id int);
-- after
CREATE TABLE t (id int, a int NOT NULL DEFAULT 5, b text NOT NULL);

-- case: a unique constraint takes an index that is built before
-- options: online
-- says: CREATE UNIQUE INDEX CONCURRENTLY t_a_key ON public.t (a)
-- says: ALTER TABLE public.t ADD CONSTRAINT t_a_key UNIQUE USING INDEX t_a_key
-- hides: locks
-- before
CREATE TABLE t (a int);
-- after
CREATE TABLE t (a int UNIQUE);

-- case: unique constraints of every form
-- from: 15
-- options: online
-- says: UNIQUE USING INDEX u3 DEFERRABLE INITIALLY DEFERRED
-- before
CREATE TABLE t (a int, "B b" text, c int);
-- after
CREATE TABLE t (a int, "B b" text, c int, CONSTRAINT u1 UNIQUE NULLS NOT DISTINCT (a, "B b") INCLUDE (c),
    CONSTRAINT "U 2" UNIQUE ("B b"), CONSTRAINT u3 UNIQUE (c) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT u4 UNIQUE (a, c) WITH (fillfactor = 70));
COMMENT ON CONSTRAINT u1 ON t IS 'u';

-- case: a unique constraint of other columns
-- options: online
-- says: DROP CONSTRAINT u, ADD CONSTRAINT u UNIQUE USING INDEX u_new
-- before
CREATE TABLE t (a int, b int, CONSTRAINT u UNIQUE (a));
-- after
CREATE TABLE t (a int, b int, CONSTRAINT u UNIQUE (a, b));

-- case: a primary key of a column that refuses NULL
-- options: online
-- says: ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_pkey
-- before
CREATE TABLE t (id int NOT NULL, a int);
-- after
CREATE TABLE t (id int PRIMARY KEY, a int);

-- case: a primary key of a column that has to refuse NULL first
-- options: online
-- says: ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_pkey
-- says up to 17: SET NOT NULL, DROP CONSTRAINT
-- hides: locks
-- before
CREATE TABLE t (id int, a int);
-- after
CREATE TABLE t (id int PRIMARY KEY, a int);

-- case: a primary key that another table needs is made at once
-- options: online
-- hides: USING INDEX
-- before
CREATE TABLE t (id int, a int);
CREATE TABLE u (t int);
-- after
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE TABLE u (t int REFERENCES t);

-- case: all of it in two revisions
-- options: online concurrent_indexes
-- says: -- apart: indexes, unique constraints, NOT NULL, validation of constraints while tables are in use
-- before
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int, a int, b varchar(5));
INSERT INTO p VALUES (1);
INSERT INTO t VALUES (1, 1, 'x');
-- after
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int UNIQUE, a int NOT NULL REFERENCES p CHECK (a > 0), b text, c int);
CREATE INDEX t_b ON t (b);
CREATE VIEW v AS SELECT a, c FROM t;
