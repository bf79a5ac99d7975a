-- case: the first becomes the last
-- rows
-- before
CREATE TABLE t (a int, b int NOT NULL DEFAULT 1, c varchar(10) COMMENT 'x');
-- after
CREATE TABLE t (b int NOT NULL DEFAULT 1, c varchar(10) COMMENT 'x', a int);

-- case: columns turn around
-- rows
-- before
CREATE TABLE t (a int PRIMARY KEY, b int, c int, d int, e int);
-- after
CREATE TABLE t (e int, d int, c int, b int, a int PRIMARY KEY);

-- case: columns come, go and move at once
-- golden: mysql_columns
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c int, d int);
-- after
CREATE TABLE t (id int PRIMARY KEY, x int, d int, y int DEFAULT 4, a bigint, z int);

-- case: a column comes behind one that goes
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, b int);
-- after
CREATE TABLE t (id int PRIMARY KEY, x int, b int);

-- case: a column moves behind a new one
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c int);
-- after
CREATE TABLE t (id int PRIMARY KEY, b int, c int, x int, a int);

-- case: a generated column moves before its source
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, g int AS (a + 1) STORED, v int AS (a + 2));
-- after
CREATE TABLE t (v int AS (a + 2), g int AS (a + 1) STORED, a int, id int PRIMARY KEY);

-- case: the column that numbers the rows moves
-- rows
-- before
CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY, a int, b int);
-- after
CREATE TABLE t (a int, b int, id int AUTO_INCREMENT PRIMARY KEY);

-- case: a column goes from the middle
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, b int NOT NULL, c text);
-- after
CREATE TABLE t (id int PRIMARY KEY, c text);

-- case: all columns but one are others
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, b int);
-- after
CREATE TABLE t (x text, y date, id int PRIMARY KEY, z blob);

-- case: no column stays
-- rows
-- before
CREATE TABLE t (a int, b int);
-- after
CREATE TABLE t (x int, y int);

-- case: the columns of a key with its foreign key move
-- rows
-- before
CREATE TABLE p (a int, b int, PRIMARY KEY (a, b));
CREATE TABLE c (id int PRIMARY KEY, x int, y int, CONSTRAINT c_p FOREIGN KEY (x, y) REFERENCES p (a, b));
-- after
CREATE TABLE p (b int, a int, PRIMARY KEY (a, b));
CREATE TABLE c (y int, id int PRIMARY KEY, x int, CONSTRAINT c_p FOREIGN KEY (x, y) REFERENCES p (a, b));
