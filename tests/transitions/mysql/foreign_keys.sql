-- case: all actions
-- rows
-- both
CREATE TABLE p (id int PRIMARY KEY, u int UNIQUE);
-- before
CREATE TABLE c (id int PRIMARY KEY, a int, b int, d int, e int);
-- after
CREATE TABLE c (id int PRIMARY KEY, a int, b int, d int, e int,
  CONSTRAINT c_a FOREIGN KEY (a) REFERENCES p (id) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT c_b FOREIGN KEY (b) REFERENCES p (u) ON DELETE SET NULL ON UPDATE NO ACTION,
  CONSTRAINT c_d FOREIGN KEY (d) REFERENCES p (id) ON DELETE RESTRICT ON UPDATE SET NULL,
  CONSTRAINT c_e FOREIGN KEY (e) REFERENCES p (id));

-- case: actions change
-- rows
-- both
CREATE TABLE p (id int PRIMARY KEY);
-- before
CREATE TABLE c (id int PRIMARY KEY, a int, b int, d int,
  CONSTRAINT c_a FOREIGN KEY (a) REFERENCES p (id) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT c_b FOREIGN KEY (b) REFERENCES p (id) ON DELETE SET NULL,
  CONSTRAINT c_d FOREIGN KEY (d) REFERENCES p (id) ON UPDATE SET NULL);
-- after
CREATE TABLE c (id int PRIMARY KEY, a int, b int, d int,
  CONSTRAINT c_a FOREIGN KEY (a) REFERENCES p (id) ON DELETE CASCADE,
  CONSTRAINT c_b FOREIGN KEY (b) REFERENCES p (id),
  CONSTRAINT c_d FOREIGN KEY (d) REFERENCES p (id) ON DELETE CASCADE ON UPDATE SET NULL);

-- case: a foreign key goes, its index stays
-- rows
-- both
CREATE TABLE p (id int PRIMARY KEY);
-- before
CREATE TABLE c (id int PRIMARY KEY, a int, CONSTRAINT c_a FOREIGN KEY (a) REFERENCES p (id));
-- after
CREATE TABLE c (id int PRIMARY KEY, a int, KEY c_a (a));

-- case: a foreign key goes with its index
-- rows
-- both
CREATE TABLE p (id int PRIMARY KEY);
-- before
CREATE TABLE c (id int PRIMARY KEY, a int, KEY by_a (a), CONSTRAINT c_a FOREIGN KEY (a) REFERENCES p (id));
-- after
CREATE TABLE c (id int PRIMARY KEY, a int);

-- case: a foreign key goes with its column
-- rows
-- both
CREATE TABLE p (id int PRIMARY KEY);
-- before
CREATE TABLE c (id int PRIMARY KEY, a int, CONSTRAINT c_a FOREIGN KEY (a) REFERENCES p (id) ON DELETE CASCADE);
-- after
CREATE TABLE c (id int PRIMARY KEY);

-- case: a foreign key comes with its column
-- rows
-- both
CREATE TABLE p (id int PRIMARY KEY);
-- before
CREATE TABLE c (id int PRIMARY KEY);
-- after
CREATE TABLE c (id int PRIMARY KEY, a int, CONSTRAINT c_a FOREIGN KEY (a) REFERENCES p (id) ON DELETE CASCADE);

-- case: a foreign key without a name
-- rows
-- both
CREATE TABLE p (id int PRIMARY KEY);
-- before
CREATE TABLE c (id int PRIMARY KEY, a int);
-- after
CREATE TABLE c (id int PRIMARY KEY, a int, FOREIGN KEY (a) REFERENCES p (id));

-- case: a table that refers to itself
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, parent int);
-- after
CREATE TABLE t (id int PRIMARY KEY, parent int, CONSTRAINT up FOREIGN KEY (parent) REFERENCES t (id) ON DELETE CASCADE);

-- case: a table that refers to itself grows its key
-- rows
-- before
CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY, parent int, CONSTRAINT up FOREIGN KEY (parent) REFERENCES t (id));
-- after
CREATE TABLE t (id bigint AUTO_INCREMENT PRIMARY KEY, parent bigint, CONSTRAINT up FOREIGN KEY (parent) REFERENCES t (id));

-- case: a new table that refers to itself
-- before
CREATE TABLE a (id int);
-- after
CREATE TABLE t (id int PRIMARY KEY, parent int, CONSTRAINT up FOREIGN KEY (parent) REFERENCES t (id));

-- case: a circle comes
-- before
CREATE TABLE x (id int);
-- after
CREATE TABLE x (id int);
CREATE TABLE a (id int PRIMARY KEY, b int);
CREATE TABLE b (id int PRIMARY KEY, a int, CONSTRAINT b_a FOREIGN KEY (a) REFERENCES a (id));
ALTER TABLE a ADD CONSTRAINT a_b FOREIGN KEY (b) REFERENCES b (id);

-- case: a circle goes
-- rows
-- before
CREATE TABLE x (id int);
CREATE TABLE a (id int PRIMARY KEY, b int);
CREATE TABLE b (id int PRIMARY KEY, a int, CONSTRAINT b_a FOREIGN KEY (a) REFERENCES a (id));
ALTER TABLE a ADD CONSTRAINT a_b FOREIGN KEY (b) REFERENCES b (id);
-- after
CREATE TABLE x (id int);

-- case: a circle grows
-- golden: mysql_circle
-- rows
-- before
CREATE TABLE a (id int PRIMARY KEY, b int, KEY (b));
CREATE TABLE b (id int PRIMARY KEY, a int, CONSTRAINT b_a FOREIGN KEY (a) REFERENCES a (id));
ALTER TABLE a ADD CONSTRAINT a_b FOREIGN KEY (b) REFERENCES b (id);
-- after
CREATE TABLE a (id bigint PRIMARY KEY, b bigint, KEY (b));
CREATE TABLE b (id bigint PRIMARY KEY, a bigint, CONSTRAINT b_a FOREIGN KEY (a) REFERENCES a (id));
ALTER TABLE a ADD CONSTRAINT a_b FOREIGN KEY (b) REFERENCES b (id);

-- case: a foreign key over two columns
-- rows
-- both
CREATE TABLE p (a int, b int, c int, PRIMARY KEY (a, b), KEY (b, a));
-- before
CREATE TABLE c (id int PRIMARY KEY, x int, y int);
-- after
CREATE TABLE c (id int PRIMARY KEY, x int, y int, KEY both_of (x, y, id), CONSTRAINT c_p FOREIGN KEY (x, y) REFERENCES p (a, b) ON UPDATE CASCADE);

-- case: the columns of a foreign key change
-- rows
-- both
CREATE TABLE p (a int, b int, PRIMARY KEY (a, b), KEY (b, a));
-- before
CREATE TABLE c (id int PRIMARY KEY, x int, y int, CONSTRAINT c_p FOREIGN KEY (x, y) REFERENCES p (a, b));
-- after
CREATE TABLE c (id int PRIMARY KEY, x int, y int, CONSTRAINT c_p FOREIGN KEY (y, x) REFERENCES p (b, a));

-- case: a foreign key refers to another table
-- both
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE q (id int PRIMARY KEY);
-- before
CREATE TABLE c (id int PRIMARY KEY, a int, CONSTRAINT c_a FOREIGN KEY (a) REFERENCES p (id));
-- after
CREATE TABLE c (id int PRIMARY KEY, a int, CONSTRAINT c_a FOREIGN KEY (a) REFERENCES q (id));

-- case: a foreign key refers to another key
-- rows
-- before
CREATE TABLE p (id int PRIMARY KEY, u int NOT NULL UNIQUE);
CREATE TABLE c (id int PRIMARY KEY, a int, CONSTRAINT c_a FOREIGN KEY (a) REFERENCES p (id));
-- after
CREATE TABLE p (id int PRIMARY KEY, u int NOT NULL UNIQUE, w int, KEY (w));
CREATE TABLE c (id int PRIMARY KEY, a int, b int, CONSTRAINT c_a FOREIGN KEY (a) REFERENCES p (id), CONSTRAINT c_b FOREIGN KEY (b) REFERENCES p (w));

-- case: a foreign key has another name
-- rows
-- both
CREATE TABLE p (id int PRIMARY KEY);
-- before
CREATE TABLE c (id int PRIMARY KEY, a int, KEY k (a), CONSTRAINT one FOREIGN KEY (a) REFERENCES p (id));
-- after
CREATE TABLE c (id int PRIMARY KEY, a int, KEY k (a), CONSTRAINT two FOREIGN KEY (a) REFERENCES p (id));

-- case: names go to the other foreign key
-- rows
-- both
CREATE TABLE p (id int PRIMARY KEY);
-- before
CREATE TABLE c (id int PRIMARY KEY, a int, b int, KEY k (a), KEY l (b), CONSTRAINT one FOREIGN KEY (a) REFERENCES p (id), CONSTRAINT two FOREIGN KEY (b) REFERENCES p (id));
-- after
CREATE TABLE c (id int PRIMARY KEY, a int, b int, KEY k (a), KEY l (b), CONSTRAINT two FOREIGN KEY (a) REFERENCES p (id), CONSTRAINT one FOREIGN KEY (b) REFERENCES p (id));

-- case: a name goes to another table
-- rows
-- both
CREATE TABLE p (id int PRIMARY KEY);
-- before
CREATE TABLE c (id int PRIMARY KEY, a int, KEY k (a), CONSTRAINT one FOREIGN KEY (a) REFERENCES p (id));
CREATE TABLE d (id int PRIMARY KEY, a int, KEY k (a));
-- after
CREATE TABLE c (id int PRIMARY KEY, a int, KEY k (a));
CREATE TABLE d (id int PRIMARY KEY, a int, KEY k (a), CONSTRAINT one FOREIGN KEY (a) REFERENCES p (id));

-- case: a name goes from a dropped table to a new one
-- both
CREATE TABLE p (id int PRIMARY KEY);
-- before
CREATE TABLE c (id int PRIMARY KEY, a int, CONSTRAINT one FOREIGN KEY (a) REFERENCES p (id));
-- after
CREATE TABLE d (id int PRIMARY KEY, a int, CONSTRAINT one FOREIGN KEY (a) REFERENCES p (id));

-- case: the index that a key needs changes its columns
-- rows
-- both
CREATE TABLE p (id int PRIMARY KEY);
-- before
CREATE TABLE c (id int PRIMARY KEY, a int, b int, KEY k (a), CONSTRAINT c_a FOREIGN KEY (a) REFERENCES p (id));
-- after
CREATE TABLE c (id int PRIMARY KEY, a int, b int, KEY k (a, b), CONSTRAINT c_a FOREIGN KEY (a) REFERENCES p (id));

-- case: the index that a key needs is another one
-- hides: FOREIGN KEY
-- rows
-- both
CREATE TABLE p (id int PRIMARY KEY);
-- before
CREATE TABLE c (id int PRIMARY KEY, a int, b int, KEY k (a), CONSTRAINT c_a FOREIGN KEY (a) REFERENCES p (id));
-- after
CREATE TABLE c (id int PRIMARY KEY, a int, b int, UNIQUE KEY u (a, b), CONSTRAINT c_a FOREIGN KEY (a) REFERENCES p (id));

-- case: an index that a key doesn't need goes
-- rows
-- both
CREATE TABLE p (id int PRIMARY KEY);
-- before
CREATE TABLE c (id int PRIMARY KEY, a int, b int, KEY k (a), KEY l (b), CONSTRAINT c_a FOREIGN KEY (a) REFERENCES p (id));
-- after
CREATE TABLE c (id int PRIMARY KEY, a int, b int, KEY k (a), CONSTRAINT c_a FOREIGN KEY (a) REFERENCES p (id));

-- case: the key that is referred to changes
-- rows
-- before
CREATE TABLE p (id int PRIMARY KEY, u int NOT NULL, v int, UNIQUE KEY one (u));
CREATE TABLE c (id int PRIMARY KEY, a int, CONSTRAINT c_a FOREIGN KEY (a) REFERENCES p (u));
-- after
CREATE TABLE p (id int PRIMARY KEY, u int NOT NULL, v int, UNIQUE KEY two (u, v));
CREATE TABLE c (id int PRIMARY KEY, a int, CONSTRAINT c_a FOREIGN KEY (a) REFERENCES p (u));

-- case: the primary key that is referred to becomes one of two
-- rows
-- before
CREATE TABLE p (id int NOT NULL, v int NOT NULL, PRIMARY KEY (id));
CREATE TABLE c (id int PRIMARY KEY, a int, CONSTRAINT c_a FOREIGN KEY (a) REFERENCES p (id));
-- after
CREATE TABLE p (id int NOT NULL, v int NOT NULL, PRIMARY KEY (id, v));
CREATE TABLE c (id int PRIMARY KEY, a int, CONSTRAINT c_a FOREIGN KEY (a) REFERENCES p (id));

-- case: both ends over two columns grow
-- rows
-- before
CREATE TABLE p (a int, b varchar(10), PRIMARY KEY (a, b));
CREATE TABLE c (id int PRIMARY KEY, x int, y varchar(10), CONSTRAINT c_p FOREIGN KEY (x, y) REFERENCES p (a, b) ON DELETE CASCADE);
-- after
CREATE TABLE p (a bigint, b varchar(20), PRIMARY KEY (a, b));
CREATE TABLE c (id int PRIMARY KEY, x bigint, y varchar(20), CONSTRAINT c_p FOREIGN KEY (x, y) REFERENCES p (a, b) ON DELETE CASCADE);

-- case: a chain of keys grows
-- rows
-- before
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b (id int PRIMARY KEY, CONSTRAINT b_a FOREIGN KEY (id) REFERENCES a (id));
CREATE TABLE c (id int PRIMARY KEY, b int, CONSTRAINT c_b FOREIGN KEY (b) REFERENCES b (id));
-- after
CREATE TABLE a (id bigint PRIMARY KEY);
CREATE TABLE b (id bigint PRIMARY KEY, CONSTRAINT b_a FOREIGN KEY (id) REFERENCES a (id));
CREATE TABLE c (id int PRIMARY KEY, b bigint, CONSTRAINT c_b FOREIGN KEY (b) REFERENCES b (id));

-- case: a referring column becomes not null
-- both
CREATE TABLE p (id int PRIMARY KEY);
-- before
CREATE TABLE c (id int PRIMARY KEY, a int, CONSTRAINT c_a FOREIGN KEY (a) REFERENCES p (id) ON DELETE SET NULL);
-- after
CREATE TABLE c (id int PRIMARY KEY, a int NOT NULL, CONSTRAINT c_a FOREIGN KEY (a) REFERENCES p (id) ON DELETE CASCADE);

-- case: a comment on a referring column
-- hides: FOREIGN KEY
-- rows
-- both
CREATE TABLE p (id int PRIMARY KEY);
-- before
CREATE TABLE c (id int PRIMARY KEY, a int, CONSTRAINT c_a FOREIGN KEY (a) REFERENCES p (id));
-- after
CREATE TABLE c (id int PRIMARY KEY, a int COMMENT 'the parent', CONSTRAINT c_a FOREIGN KEY (a) REFERENCES p (id));

-- case: a referenced table goes
-- rows
-- before
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, a int, CONSTRAINT c_a FOREIGN KEY (a) REFERENCES p (id));
-- after
CREATE TABLE c (id int PRIMARY KEY, a int);

-- case: tables with keys between them go
-- rows
-- before
CREATE TABLE z (id int);
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b (id int PRIMARY KEY, a int, CONSTRAINT b_a FOREIGN KEY (a) REFERENCES a (id));
CREATE TABLE c (id int PRIMARY KEY, b int, CONSTRAINT c_b FOREIGN KEY (b) REFERENCES b (id));
-- after
CREATE TABLE z (id int);

-- case: new tables refer to an old one that changes
-- before
CREATE TABLE p (id int PRIMARY KEY);
-- after
CREATE TABLE p (id bigint PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, a bigint, CONSTRAINT c_a FOREIGN KEY (a) REFERENCES p (id));
CREATE TABLE b (id int PRIMARY KEY, c int, a bigint, CONSTRAINT b_c FOREIGN KEY (c) REFERENCES c (id), CONSTRAINT b_a FOREIGN KEY (a) REFERENCES p (id));

-- case: the character set of both ends changes
-- rows
-- before
CREATE TABLE p (id varchar(20) CHARACTER SET latin1 PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, a varchar(20) CHARACTER SET latin1, CONSTRAINT c_a FOREIGN KEY (a) REFERENCES p (id));
-- after
CREATE TABLE p (id varchar(20) CHARACTER SET utf8mb4 PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, a varchar(20) CHARACTER SET utf8mb4, CONSTRAINT c_a FOREIGN KEY (a) REFERENCES p (id));

-- case: two keys over the same columns
-- rows
-- both
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE q (id int PRIMARY KEY);
-- before
CREATE TABLE c (id int PRIMARY KEY, CONSTRAINT c_p FOREIGN KEY (id) REFERENCES p (id));
-- after
CREATE TABLE c (id int PRIMARY KEY, CONSTRAINT c_p FOREIGN KEY (id) REFERENCES p (id), CONSTRAINT c_q FOREIGN KEY (id) REFERENCES q (id) ON DELETE CASCADE);

-- case: a foreign key takes over an index of another name
-- rows
-- both
CREATE TABLE p (id int PRIMARY KEY);
-- before
CREATE TABLE c (id int PRIMARY KEY, a int, KEY a (a), CONSTRAINT c_a FOREIGN KEY (a) REFERENCES p (id));
-- after
CREATE TABLE c (id int PRIMARY KEY, a int, KEY a (a), CONSTRAINT c_x FOREIGN KEY (a) REFERENCES p (id) ON DELETE CASCADE);

-- case: the index made for a key stays under its name
-- golden: mysql_guarded_index
-- rows
-- both
CREATE TABLE p (id int PRIMARY KEY);
-- before
CREATE TABLE c (id int PRIMARY KEY, a int, CONSTRAINT c_a FOREIGN KEY (a) REFERENCES p (id));
-- after
CREATE TABLE c (id int PRIMARY KEY, a int, KEY c_a (a), CONSTRAINT c_x FOREIGN KEY (a) REFERENCES p (id) ON DELETE CASCADE);

-- case: a foreign key on a stored column
-- rows
-- both
CREATE TABLE p (id int PRIMARY KEY);
-- before
CREATE TABLE c (id int PRIMARY KEY, a int);
-- after
CREATE TABLE c (id int PRIMARY KEY, a int, g int AS (nullif(a, a)) STORED, CONSTRAINT c_g FOREIGN KEY (g) REFERENCES p (id));

-- case: a key of two tables that swap their columns
-- rows
-- before
CREATE TABLE a (id int PRIMARY KEY, b int, KEY k (b));
CREATE TABLE b (id int PRIMARY KEY, a int, CONSTRAINT link FOREIGN KEY (a) REFERENCES a (id));
-- after
CREATE TABLE b (id int PRIMARY KEY, a int, KEY k (a));
CREATE TABLE a (id int PRIMARY KEY, b int, CONSTRAINT link FOREIGN KEY (b) REFERENCES b (id));

-- case: an index comes that serves the foreign key as well
-- rows
-- both
CREATE TABLE p (id int PRIMARY KEY);
-- before
CREATE TABLE c (id int PRIMARY KEY, a int, b int, CONSTRAINT c_a FOREIGN KEY (a) REFERENCES p (id));
-- after
CREATE TABLE c (id int PRIMARY KEY, a int, b int, KEY c_a (a), KEY wide (a, b), CONSTRAINT c_a FOREIGN KEY (a) REFERENCES p (id));
