-- What an ALTER costs: notes on the ALGORITHM and the LOCK, and clauses.

-- case: what changes no rows
-- golden: mysql_instant
-- rows
-- hides: locks
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(10), KEY k (a));
-- after
CREATE TABLE t (id int PRIMARY KEY, a int DEFAULT 5, b varchar(300), c int, KEY k (a)) COMMENT='a table';

-- case: a key is built while its table is in use
-- rows
-- says: --   leaves t to readers and writers while it is changed in place
-- says: ALGORITHM=NOCOPY, LOCK=NONE
-- before
CREATE TABLE t (id int PRIMARY KEY, a int);
-- after
CREATE TABLE t (id int PRIMARY KEY, a int, KEY k (a));

-- case: a table is rebuilt while it is in use
-- rows
-- says: --   leaves t to readers and writers while all of it is rebuilt
-- says: ALGORITHM=INPLACE, LOCK=NONE
-- before
CREATE TABLE t (id int PRIMARY KEY, a int);
-- after
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL);

-- case: a number for each row is given while writers wait
-- rows
-- says: --   locks t against writes while all of it is rebuilt
-- says: ALGORITHM=INPLACE, LOCK=SHARED
-- before
CREATE TABLE t (a int);
-- after
CREATE TABLE t (a int, id int NOT NULL AUTO_INCREMENT, KEY (id));

-- case: a type that is wider copies the table
-- rows
-- says: --   locks t against writes while all of it is copied
-- says: ALGORITHM=COPY, LOCK=SHARED
-- before
CREATE TABLE t (id int PRIMARY KEY, a int);
-- after
CREATE TABLE t (id int PRIMARY KEY, a bigint);

-- case: the dearest clause is what an alter of many costs
-- rows
-- says: --   locks t against writes while all of it is copied
-- says: ALGORITHM=COPY, LOCK=SHARED
-- hides: INSTANT
-- before
CREATE TABLE t (id int PRIMARY KEY, a int);
-- after
CREATE TABLE t (id int PRIMARY KEY, a int, b int, CONSTRAINT large CHECK (a > 1), KEY k (b));

-- case: foreign keys copy the table that has them
-- rows
-- says: --   locks c against writes while all of it is copied
-- says: ALGORITHM=COPY, LOCK=SHARED
-- hides: locks p
-- before
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, p int);
-- after
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, p int, CONSTRAINT c_p FOREIGN KEY (p) REFERENCES p (id));

-- case: a new table costs nobody anything
-- rows
-- hides: ALGORITHM
-- before
CREATE TABLE p (id int PRIMARY KEY);
-- after
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE a (id int PRIMARY KEY, b int);
CREATE TABLE b (id int PRIMARY KEY, a int, CONSTRAINT b_a FOREIGN KEY (a) REFERENCES a (id));
ALTER TABLE a ADD CONSTRAINT a_b FOREIGN KEY (b) REFERENCES b (id);

-- case: partitions copy the table, and take no clauses
-- golden: mysql_partitions_online
-- options: online
-- rows
-- says: --   locks t against writes while all of it is copied
-- hides: ALGORITHM=COPY
-- before
CREATE TABLE t (id int PRIMARY KEY, a int);
-- after
CREATE TABLE t (id int PRIMARY KEY, a int, b int) PARTITION BY HASH (id) PARTITIONS 2;

-- case: a renamed table has its price under the new name
-- says: --   locks u against writes while all of it is copied
-- says: ALGORITHM=COPY, LOCK=SHARED
-- before
CREATE TABLE t (id int PRIMARY KEY, a int);
-- after
-- renamed from: t
CREATE TABLE u (id int PRIMARY KEY, a bigint);

-- case: online writes the clauses
-- golden: mysql_online
-- options: online
-- rows
-- before
CREATE TABLE p (id int PRIMARY KEY, a int, b int, c int);
CREATE TABLE c (id int PRIMARY KEY, p int, a int);
-- after
CREATE TABLE p (id int PRIMARY KEY, a int, b int NOT NULL, c bigint, d int, KEY a (a));
CREATE TABLE c (id int PRIMARY KEY, p int, a int, b int,
  CONSTRAINT c_p FOREIGN KEY (p) REFERENCES p (id));

-- case: online leaves clauses out of filling
-- options: online
-- says: SET `b` = 5;
-- says: ALGORITHM=
-- before
CREATE TABLE t (id int PRIMARY KEY, a int);
-- after
CREATE TABLE t (
  id int PRIMARY KEY,
  a int,
  -- backfill: 5
  b int NOT NULL
);
