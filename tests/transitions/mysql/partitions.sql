-- case: a table is divided by range
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a text);
-- after
CREATE TABLE t (id int PRIMARY KEY, a text) PARTITION BY RANGE (id) (PARTITION low VALUES LESS THAN (100), PARTITION high VALUES LESS THAN MAXVALUE);

-- case: a range of partitions gets one more
-- says: ADD PARTITION (
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY) PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (100), PARTITION p1 VALUES LESS THAN (200));
-- after
CREATE TABLE t (id int PRIMARY KEY) PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (100), PARTITION p1 VALUES LESS THAN (200), PARTITION p2 VALUES LESS THAN (300), PARTITION p3 VALUES LESS THAN (400));

-- case: a range of partitions is cut in the middle
-- golden: mysql_partitions
-- says: REORGANIZE PARTITION `rest` INTO (
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY) PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (10), PARTITION rest VALUES LESS THAN MAXVALUE);
-- after
CREATE TABLE t (id int PRIMARY KEY) PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN (1000), PARTITION rest VALUES LESS THAN MAXVALUE);

-- case: partitions go
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int) PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (100), PARTITION p1 VALUES LESS THAN MAXVALUE);
-- after
CREATE TABLE t (id int PRIMARY KEY, a int);

-- case: partitions by list
-- rows
-- before
CREATE TABLE t (id int, a int NOT NULL, PRIMARY KEY (id, a));
-- after
CREATE TABLE t (id int, a int NOT NULL, PRIMARY KEY (id, a)) PARTITION BY LIST (a) (PARTITION few VALUES IN (1, 2, 3, 4, 7), PARTITION rest DEFAULT);

-- case: a list of partitions changes
-- rows
-- before
CREATE TABLE t (id int, a int NOT NULL) PARTITION BY LIST (a) (PARTITION few VALUES IN (1, 2), PARTITION rest DEFAULT);
-- after
CREATE TABLE t (id int, a int NOT NULL) PARTITION BY LIST (a) (PARTITION few VALUES IN (1, 2, 3), PARTITION more VALUES IN (4, 5), PARTITION rest DEFAULT);

-- case: partitions by columns
-- rows
-- before
CREATE TABLE t (id int, a varchar(20) NOT NULL, d date NOT NULL);
CREATE TABLE u (id int, d date NOT NULL);
-- after
CREATE TABLE t (id int, a varchar(20) NOT NULL, d date NOT NULL) PARTITION BY LIST COLUMNS (a) (PARTITION x VALUES IN ('x', 'it''s'), PARTITION y DEFAULT);
CREATE TABLE u (id int, d date NOT NULL) PARTITION BY RANGE COLUMNS (d, id) (PARTITION p0 VALUES LESS THAN ('2015-01-01', 5), PARTITION p1 VALUES LESS THAN (MAXVALUE, MAXVALUE));

-- case: partitions by hash
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 2;
CREATE TABLE u (id int PRIMARY KEY);
-- after
CREATE TABLE t (id int PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 4;
CREATE TABLE u (id int PRIMARY KEY) PARTITION BY LINEAR HASH (id DIV 10) PARTITIONS 3;

-- case: partitions by key
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 2;
CREATE TABLE u (id int PRIMARY KEY) PARTITION BY KEY (id) PARTITIONS 4;
-- after
CREATE TABLE t (id int PRIMARY KEY) PARTITION BY KEY (id) PARTITIONS 3;
CREATE TABLE u (id int PRIMARY KEY) PARTITION BY KEY ALGORITHM=1 (id) PARTITIONS 2;

-- case: parts of partitions
-- rows
-- before
CREATE TABLE t (id int, d date NOT NULL);
-- after
CREATE TABLE t (id int, d date NOT NULL) PARTITION BY RANGE (year(d)) SUBPARTITION BY HASH (to_days(d)) SUBPARTITIONS 2 (PARTITION p0 VALUES LESS THAN (2015) COMMENT = 'old; ones', PARTITION p1 VALUES LESS THAN MAXVALUE);

-- case: the column of partitions goes with them
-- rows
-- before
CREATE TABLE t (id int, a int NOT NULL, PRIMARY KEY (id, a)) PARTITION BY HASH (a) PARTITIONS 2;
-- after
CREATE TABLE t (id int, PRIMARY KEY (id));

-- case: a divided table gets a column and a key
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 2;
-- after
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL DEFAULT 1, KEY (a)) PARTITION BY HASH (id) PARTITIONS 2;

-- case: the column of partitions is another one
-- rows
-- before
CREATE TABLE t (id int NOT NULL, a int NOT NULL, PRIMARY KEY (id)) PARTITION BY HASH (id) PARTITIONS 2;
-- after
CREATE TABLE t (id int NOT NULL, a int NOT NULL, PRIMARY KEY (a)) PARTITION BY HASH (a) PARTITIONS 2;

-- case: a divided table comes and one goes
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY) PARTITION BY KEY (id) PARTITIONS 2;
-- after
CREATE TABLE u (id int PRIMARY KEY, d datetime) PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN (20));

-- case: a foreign key makes way for partitions
-- rows
-- both
CREATE TABLE p (id int PRIMARY KEY);
-- before
CREATE TABLE c (id int PRIMARY KEY, a int, CONSTRAINT c_a FOREIGN KEY (a) REFERENCES p (id));
-- after
CREATE TABLE c (id int PRIMARY KEY, a int, KEY c_a (a)) PARTITION BY HASH (id) PARTITIONS 2;
