-- case: add a column
-- before
CREATE TABLE t (id int PRIMARY KEY);
-- after
CREATE TABLE t (id int PRIMARY KEY, a varchar(10) DEFAULT 'x');

-- case: add several columns in their places
-- before
CREATE TABLE t (id int PRIMARY KEY, z int);
-- after
CREATE TABLE t (a int, id int PRIMARY KEY, b varchar(10) NOT NULL DEFAULT 'x', c date, z int, y text);

-- case: columns change places
-- before
CREATE TABLE t (a int, b int, c int, d int);
-- after
CREATE TABLE t (d int, a int, c int, b int);

-- case: a type grows
-- before
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b int NOT NULL DEFAULT 1);
-- after
CREATE TABLE t (id bigint PRIMARY KEY, a varchar(300) NOT NULL, b bigint DEFAULT 2 COMMENT 'it''s');

-- case: generated columns come and go
-- before
CREATE TABLE t (a int, g int AS (a + 1) VIRTUAL, s int AS (a * 2) STORED, p int);
-- after
CREATE TABLE t (a int, g int AS (a + 1) STORED, s int AS (a * 3) STORED, p int AS (a - 1) VIRTUAL);
