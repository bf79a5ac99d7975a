-- case: USE
-- fails: USE
-- after
USE shop;
CREATE TABLE t (id int);

-- case: a database
-- fails: CREATE DATABASE
-- after
CREATE DATABASE shop;

-- case: a database that goes
-- fails: DROP DATABASE
-- after
DROP DATABASE IF EXISTS shop;

-- case: a database that changes
-- fails: ALTER DATABASE
-- after
ALTER DATABASE shop CHARACTER SET utf8mb4;

-- case: a schema
-- fails: CREATE SCHEMA
-- after
CREATE SCHEMA IF NOT EXISTS shop;

-- case: a table of another database
-- fails: a name with a database before it
-- after
CREATE TABLE shop.t (id int);

-- case: a key to another database
-- fails: a name with a database before it
-- after
CREATE TABLE t (id int REFERENCES shop.p (id));

-- case: a view over another database
-- fails: a name with a database before it
-- after
CREATE VIEW v AS SELECT x.id FROM shop.t x;

-- case: a trigger on another database
-- fails: a name with a database before it
-- after
CREATE TRIGGER r BEFORE INSERT ON shop.t FOR EACH ROW SET NEW.id = 1;

-- case: rows of another database
-- fails: a name with a database before it
-- after
INSERT INTO shop.t VALUES (1);

-- case: a variable of the server
-- fails: a variable of the whole server
-- after
SET GLOBAL max_connections = 5;

-- case: a variable of the server by its sign
-- fails: a variable of the whole server
-- after
SET @@global.max_connections = 5;

-- case: a variable among others
-- fails: a variable of the whole server
-- after
SET @x = 1, GLOBAL max_connections = 5;

-- case: a temporary table
-- fails: a temporary object
-- after
CREATE TEMPORARY TABLE t (id int);

-- case: a temporary table in place of another
-- fails: a temporary object
-- after
CREATE OR REPLACE TEMPORARY TABLE t (id int);

-- case: a part of the server
-- fails: INSTALL
-- after
INSTALL SONAME 'x';

-- case: the end of the server
-- fails: SHUTDOWN
-- after
SHUTDOWN;

-- case: another session
-- fails: KILL
-- after
KILL 5;

-- case: a rollback
-- fails: ROLLBACK
-- after
START TRANSACTION;
CREATE TABLE t (id int);
ROLLBACK;

-- case: a statement that the server refuses
-- fails: syntax
-- after
CREATE TABLE t (id int,);

-- case: a view of nothing
-- fails: doesn't exist
-- after
CREATE VIEW v AS SELECT id FROM nothing;

-- case: a hint about nothing
-- fails: it is about nothing
-- after
CREATE TABLE t (id int);
-- renamed from: x

-- case: a backfill of a key
-- fails: a backfill is one expression for a column
-- after
CREATE TABLE t (id int,
  KEY k (id) -- backfill: 3
);

-- case: a name that wasn't there
-- refused: x
-- before
CREATE TABLE t (id int PRIMARY KEY);
-- after
CREATE TABLE t (
  id int PRIMARY KEY,
  b int -- renamed from: x
);
CREATE TABLE u (
  id int PRIMARY KEY,
  b int -- renamed from: id
);

-- case: a view would be broken by a rename
-- fails: Unknown column 't.a'
-- after
CREATE TABLE t (
  id int PRIMARY KEY,
  b int -- renamed from: a
);
CREATE VIEW v AS SELECT t.a FROM t;

-- case: a view that is broken
-- refused: v
-- before
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE VIEW v AS SELECT a FROM t;
ALTER TABLE t RENAME COLUMN a TO b;
-- after
CREATE TABLE t (id int PRIMARY KEY, b int, c int);
