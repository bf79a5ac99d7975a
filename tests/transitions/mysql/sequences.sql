-- case: a sequence comes
-- before
CREATE TABLE t (id int PRIMARY KEY);
-- after
CREATE TABLE t (id int PRIMARY KEY);
CREATE SEQUENCE s START WITH 100 INCREMENT BY 5 MINVALUE 10 MAXVALUE 10000 CACHE 7 CYCLE;

-- case: a sequence goes
-- says: drops sequence s with its number
-- before
CREATE TABLE t (id int PRIMARY KEY);
CREATE SEQUENCE s;
-- after
CREATE TABLE t (id int PRIMARY KEY);

-- case: a sequence changes
-- before
CREATE SEQUENCE s START WITH 1 INCREMENT BY 1;
CREATE SEQUENCE `od``d` START WITH 5 NOCACHE CYCLE;
-- after
CREATE SEQUENCE s START WITH 1 INCREMENT BY 10 CACHE 50;
CREATE SEQUENCE `od``d` START WITH 5 MAXVALUE 500 CACHE 3 NOCYCLE;

-- case: a default takes from a sequence
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int);
-- after
CREATE SEQUENCE s;
CREATE TABLE t (id int PRIMARY KEY, a int DEFAULT nextval(s));

-- case: a default takes from another sequence
-- rows
-- before
CREATE SEQUENCE s;
CREATE TABLE t (id int PRIMARY KEY, a int DEFAULT nextval(s), b int DEFAULT (nextval(s) + 1));
-- after
CREATE SEQUENCE z START WITH 10;
CREATE TABLE t (id int PRIMARY KEY, a int DEFAULT nextval(z), b int);

-- case: a table goes with its sequence
-- rows
-- before
CREATE SEQUENCE z;
CREATE TABLE a (id int DEFAULT nextval(z) PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY);
-- after
CREATE TABLE t (id int PRIMARY KEY);
