-- Notes on locks: what a script does to tables in use.

-- case: a type that is wider rewrites the table
-- says: --   locks t against reads and writes while all of it is rewritten
-- before
CREATE TABLE t (id int, a int);
-- after
CREATE TABLE t (id int, a bigint);

-- case: a longer varchar costs nothing
-- hides: locks
-- before
CREATE TABLE t (id int, a varchar(10));
-- after
CREATE TABLE t (id int, a varchar(20));

-- case: a stable type under an index is not read
-- hides: locks
-- before
CREATE TABLE t (id int, a varchar(10));
CREATE INDEX t_a ON t (a);
-- after
CREATE TABLE t (id int, a text);
CREATE INDEX t_a ON t (a);

-- case: a constant default costs nothing, a volatile one rewrites
-- says: --   locks u against reads and writes while all of it is rewritten
-- hides: locks t
-- before
CREATE TABLE t (id int);
CREATE TABLE u (id int);
-- after
CREATE TABLE t (id int, a int NOT NULL DEFAULT 5, b timestamptz DEFAULT now());
CREATE TABLE u (id int, a uuid DEFAULT gen_random_uuid());

-- case: a function of the user as a default rewrites
-- says: --   locks t against reads and writes while all of it is rewritten
-- both
CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';
-- before
CREATE TABLE t (id int);
-- after
CREATE TABLE t (id int, a int DEFAULT f());

-- case: a nullable column of a domain with a check rewrites
-- says: --   locks t against reads and writes while all of it is rewritten
-- both
CREATE DOMAIN d AS int CHECK (VALUE > 0);
-- before
CREATE TABLE t (id int);
-- after
CREATE TABLE t (id int, a d);

-- case: NOT NULL and a check read the table
-- says: --   locks t against reads and writes while all of it is read
-- says: --   locks u against reads and writes while all of it is read
-- before
CREATE TABLE t (a int);
CREATE TABLE u (a int);
-- after
CREATE TABLE t (a int NOT NULL);
CREATE TABLE u (a int CONSTRAINT c CHECK (a > 0));

-- case: NOT NULL that a check proves costs nothing
-- hides: locks
-- before
CREATE TABLE t (a int CONSTRAINT c CHECK (a IS NOT NULL));
-- after
CREATE TABLE t (a int NOT NULL CONSTRAINT c CHECK (a IS NOT NULL));

-- case: a foreign key locks both tables against writes
-- says: --   locks c, p against writes while all of
-- before
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (p int);
-- after
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (p int REFERENCES p);

-- case: an index locks against writes, a unique constraint against reads too
-- says: --   locks t against writes while all of it is read
-- says: --   locks u against reads and writes while all of it is read
-- before
CREATE TABLE t (a int);
CREATE TABLE u (a int);
-- after
CREATE TABLE t (a int);
CREATE TABLE u (a int UNIQUE);
CREATE INDEX t_a ON t (a);

-- case: new tables have no notes
-- hides: locks
-- before
CREATE TABLE t (a int);
-- after
CREATE TABLE t (a int);
CREATE TABLE u (a int UNIQUE, b int NOT NULL CHECK (b > 0));
CREATE INDEX u_b ON u (b);

-- case: partitions are named by their table
-- says: --   locks p against reads and writes while all of it is rewritten
-- before
CREATE TABLE p (id int, a int) PARTITION BY LIST (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
-- after
CREATE TABLE p (id int, a bigint) PARTITION BY LIST (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);

-- case: a table that is not logged any more is rewritten
-- says: --   locks t against reads and writes while all of it is rewritten
-- before
CREATE TABLE t (a int);
-- after
CREATE UNLOGGED TABLE t (a int);

-- case: a dropped column, a default and a comment cost nothing
-- hides: locks
-- before
CREATE TABLE t (a int, b int);
-- after
CREATE TABLE t (a int DEFAULT 3);
COMMENT ON TABLE t IS 'a table';
