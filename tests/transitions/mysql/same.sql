-- case: spellings of integers
-- same
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, b integer, c tinyint, d smallint, e bigint);
-- after
CREATE TABLE t (id int PRIMARY KEY, a int(11), b int, c tinyint(4), d smallint(6), e bigint(20));

-- case: booleans
-- same
-- before
CREATE TABLE t (id int PRIMARY KEY, a bool, b boolean NOT NULL DEFAULT true, c bool DEFAULT false);
-- after
CREATE TABLE t (id int PRIMARY KEY, a tinyint(1), b tinyint(1) NOT NULL DEFAULT 1, c tinyint(1) DEFAULT '0');

-- case: spellings of decimals
-- same
-- before
CREATE TABLE t (id int PRIMARY KEY, a dec, b numeric(8,2), c fixed(5));
-- after
CREATE TABLE t (id int PRIMARY KEY, a decimal(10,0), b decimal(8,2), c decimal(5,0));

-- case: spellings of floats
-- same
-- before
CREATE TABLE t (id int PRIMARY KEY, a real, b double precision, c float(10), d float(30));
-- after
CREATE TABLE t (id int PRIMARY KEY, a double, b double, c float, d double);

-- case: spellings of moments
-- same
-- before
CREATE TABLE t (id int PRIMARY KEY, a datetime DEFAULT now(), b timestamp NOT NULL DEFAULT localtime() ON UPDATE localtimestamp());
-- after
CREATE TABLE t (id int PRIMARY KEY, a datetime DEFAULT current_timestamp, b timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp());

-- case: a char of one letter
-- same
-- before
CREATE TABLE t (id int PRIMARY KEY, a char, b binary, c bit, d year);
-- after
CREATE TABLE t (id int PRIMARY KEY, a char(1), b binary(1), c bit(1), d year(4));

-- case: names of character sets
-- same
-- before
CREATE TABLE t (id int PRIMARY KEY, a varchar(5) CHARACTER SET utf8, b nchar(3), c nvarchar(4));
-- after
CREATE TABLE t (id int PRIMARY KEY, a varchar(5) CHARACTER SET utf8mb3, b char(3) CHARACTER SET utf8mb3, c varchar(4) CHARACTER SET utf8mb3);

-- case: the character set of the table
-- same
-- before
CREATE TABLE t (id int PRIMARY KEY, a varchar(5) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci, b text COLLATE utf8mb4_general_ci);
-- after
CREATE TABLE t (id int PRIMARY KEY, a varchar(5), b text);

-- case: a binary collation
-- same
-- before
CREATE TABLE t (id int PRIMARY KEY, a varchar(5) BINARY, b varchar(5) BYTE);
-- after
CREATE TABLE t (id int PRIMARY KEY, a varchar(5) COLLATE utf8mb4_bin, b varbinary(5));

-- case: what json is
-- same
-- before
CREATE TABLE t (id int PRIMARY KEY, a json);
-- after
CREATE TABLE t (id int PRIMARY KEY, a longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL CHECK (json_valid(a)));

-- case: a default of NULL
-- same
-- before
CREATE TABLE t (id int PRIMARY KEY, a int DEFAULT NULL, b text NULL, c date NULL DEFAULT NULL);
-- after
CREATE TABLE t (id int PRIMARY KEY, a int, b text, c date);

-- case: quotes around defaults
-- same
-- before
CREATE TABLE t (id int PRIMARY KEY, a int DEFAULT '5', b decimal(5,2) DEFAULT 1, c varchar(5) DEFAULT ("x"), d int DEFAULT (1), e bit DEFAULT 1);
-- after
CREATE TABLE t (id int PRIMARY KEY, a int DEFAULT 5, b decimal(5,2) DEFAULT 1.00, c varchar(5) DEFAULT 'x', d int DEFAULT 1, e bit DEFAULT b'1');

-- case: defaults of dates and times
-- same
-- before
CREATE TABLE t (id int PRIMARY KEY, a time DEFAULT '1:2:3', b date DEFAULT 20200101);
-- after
CREATE TABLE t (id int PRIMARY KEY, a time DEFAULT '01:02:03', b date DEFAULT '2020-01-01');

-- case: zerofill adds unsigned
-- same
-- before
CREATE TABLE t (id int PRIMARY KEY, a int zerofill, b int(5) zerofill);
-- after
CREATE TABLE t (id int PRIMARY KEY, a int(10) unsigned zerofill, b int(5) unsigned zerofill);

-- case: a text by its length
-- same
-- before
CREATE TABLE t (id int PRIMARY KEY, a text(70000), b blob(20), c text(300));
-- after
CREATE TABLE t (id int PRIMARY KEY, a mediumtext, b tinyblob, c text);

-- case: the order in a set
-- same
-- before
CREATE TABLE t (id int PRIMARY KEY, a set('x', 'y') DEFAULT 'y,x');
-- after
CREATE TABLE t (id int PRIMARY KEY, a set('x', 'y') DEFAULT 'x,y');

-- case: kinds of generated columns
-- same
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, b int AS (a + 1), c int AS (a + 2) PERSISTENT);
-- after
CREATE TABLE t (id int PRIMARY KEY, a int, b int GENERATED ALWAYS AS (a + 1) VIRTUAL, c int GENERATED ALWAYS AS (a + 2) STORED);

-- case: empty comments
-- same
-- before
CREATE TABLE t (id int PRIMARY KEY, a int COMMENT '', KEY k (a) COMMENT '');
-- after
CREATE TABLE t (id int PRIMARY KEY, a int, KEY k (a));

-- case: spellings of conditions
-- same
-- before
CREATE TABLE t (id int PRIMARY KEY, a int CHECK (a != 1), b int, CONSTRAINT c CHECK (a > 0 && b > 0), CONSTRAINT d CHECK (NOT (b > 7)));
-- after
CREATE TABLE t (id int PRIMARY KEY, a int CHECK (a <> 1), b int, CONSTRAINT c CHECK (a > 0 AND b > 0), CONSTRAINT d CHECK (b <= 7));

-- case: names and directions of keys
-- same
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, b int, INDEX (a ASC), UNIQUE INDEX (b));
-- after
CREATE TABLE t (id int PRIMARY KEY, a int, b int, KEY a (a), UNIQUE KEY b (b));

-- case: a unique column
-- same
-- before
CREATE TABLE t (id int PRIMARY KEY, a int UNIQUE, b int UNIQUE KEY);
-- after
CREATE TABLE t (id int PRIMARY KEY, a int, b int, UNIQUE KEY a (a), UNIQUE KEY b (b));

-- case: a key that says it is a tree
-- same
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, KEY k (a) USING BTREE, KEY USING BTREE (a, id));
-- after
CREATE TABLE t (id int PRIMARY KEY, a int, KEY k (a), KEY a (a, id));

-- case: the order of keys
-- same
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, b int, KEY x (a), KEY y (b), UNIQUE KEY z (a, b));
-- after
CREATE TABLE t (id int PRIMARY KEY, a int, b int, UNIQUE KEY z (a, b), KEY y (b), KEY x (a));

-- case: the order of checks
-- same
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, b int, CONSTRAINT x CHECK (a > 1), CONSTRAINT y CHECK (b > 1));
-- after
CREATE TABLE t (id int PRIMARY KEY, a int, b int, CONSTRAINT y CHECK (b > 1), CONSTRAINT x CHECK (a > 1));

-- case: a reference system, which the server forgets
-- same
-- before
CREATE TABLE t (id int PRIMARY KEY, p point REF_SYSTEM_ID=4326);
-- after
CREATE TABLE t (id int PRIMARY KEY, p point);

-- case: a primary key implies not null
-- same
-- before
CREATE TABLE t (id int PRIMARY KEY, a int);
-- after
CREATE TABLE t (id int NOT NULL, a int, PRIMARY KEY (id));

-- case: serial
-- same
-- before
CREATE TABLE t (id serial);
-- after
CREATE TABLE t (id bigint unsigned NOT NULL AUTO_INCREMENT UNIQUE);

-- case: the next number of a table
-- same
-- before
CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY) AUTO_INCREMENT=77;
-- after
CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY);

-- case: the next number of a table with rows
-- same
-- before
CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY, a int);
INSERT INTO t (a) VALUES (1), (2);
-- after
CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY, a int);

-- case: options that say the usual
-- same
-- before
CREATE TABLE t (id int PRIMARY KEY) ENGINE=InnoDB ROW_FORMAT=DEFAULT DEFAULT CHARSET=utf8mb4 COMMENT='' AVG_ROW_LENGTH=0;
-- after
CREATE TABLE t (id int PRIMARY KEY);

-- case: the case of names of columns
-- same
-- before
CREATE TABLE t (id int PRIMARY KEY, Some int, KEY Key1 (some));
-- after
CREATE TABLE t (ID int PRIMARY KEY, sOME int, KEY kEY1 (SOME));

-- case: actions that are none
-- same
-- before
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, a int, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id) ON DELETE RESTRICT ON UPDATE NO ACTION);
-- after
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, a int, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id) ON DELETE NO ACTION);

-- case: an index that a foreign key brings
-- same
-- before
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, a int, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id));
-- after
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, a int, KEY f (a), CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id));

-- case: a foreign key that is added later
-- same
-- before
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, a int);
ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id);
-- after
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, a int, CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id));

-- case: a foreign key that the server names
-- same
-- before
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, a int, FOREIGN KEY (a) REFERENCES p (id));
-- after
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, a int, KEY (a), CONSTRAINT t_ibfk_1 FOREIGN KEY (a) REFERENCES p (id));

-- case: keys in memory are hashes
-- same
-- before
CREATE TABLE t (id int, KEY k (id) USING HASH) ENGINE=MEMORY;
-- after
CREATE TABLE t (id int, KEY k (id)) ENGINE=MEMORY;

-- case: partitions by their number
-- same
-- before
CREATE TABLE t (id int PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 2;
-- after
CREATE TABLE t (id int PRIMARY KEY) PARTITION BY HASH (ID) PARTITIONS 2;

-- case: spellings of a view
-- same
-- before
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE VIEW v AS SELECT * FROM t WHERE a != 1;
-- after
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE ALGORITHM=UNDEFINED SQL SECURITY DEFINER VIEW v AS select `t`.`id` AS `id`, t.a AS a from t where t.a <> 1;

-- case: the account that a view works for
-- same
-- before
CREATE TABLE t (id int PRIMARY KEY);
CREATE DEFINER=CURRENT_USER VIEW v AS SELECT id FROM t;
CREATE DEFINER=`so me`@`%` TRIGGER r BEFORE INSERT ON t FOR EACH ROW SET NEW.id = 1;
CREATE DEFINER=`some`@`where` FUNCTION f () RETURNS int RETURN 1;
-- after
CREATE TABLE t (id int PRIMARY KEY);
CREATE VIEW v AS SELECT id FROM t;
CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW SET NEW.id = 1;
CREATE FUNCTION f () RETURNS int RETURN 1;

-- case: quotes around names of programs
-- same
-- before
CREATE TABLE t (id int PRIMARY KEY);
CREATE TRIGGER `r` BEFORE INSERT ON `t` FOR EACH ROW SET NEW.id = 1;
CREATE FUNCTION `f`() RETURNS int RETURN 1;
CREATE PROCEDURE `p`() SELECT 1;
CREATE EVENT `e` ON SCHEDULE AT '2036-01-01 00:00:00' DISABLE DO SELECT 1;
-- after
CREATE TABLE t (id int PRIMARY KEY);
CREATE TRIGGER r before  insert on t for each row SET NEW.id = 1;
CREATE FUNCTION f() RETURNS int RETURN 1;
CREATE PROCEDURE p() SELECT 1;
CREATE EVENT e ON SCHEDULE AT '2036-01-01 00:00:00' DISABLE DO SELECT 1;

-- case: an event that starts when it is made
-- same
-- before
CREATE EVENT e ON SCHEDULE EVERY 1 DAY DISABLE DO SELECT 1;
DO sleep(1.1);
-- after
DO sleep(2.1);
CREATE EVENT e ON SCHEDULE EVERY 1 DAY DISABLE DO SELECT 1;

-- case: the order of triggers by their moment
-- same
-- before
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;
CREATE TRIGGER two BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 2;
CREATE TRIGGER three AFTER INSERT ON t FOR EACH ROW DO 1;
-- after
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE TRIGGER three AFTER INSERT ON t FOR EACH ROW DO 1;
CREATE TRIGGER two BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 2;
CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW PRECEDES two SET NEW.a = 1;

-- case: the value of a sequence
-- same
-- before
CREATE SEQUENCE s;
SELECT nextval(s);
-- after
CREATE SEQUENCE s START WITH 1 INCREMENT BY 1 MINVALUE 1 CACHE 1000 NOCYCLE;

-- case: a default of a sequence with its database
-- same
-- before
CREATE SEQUENCE s;
CREATE TABLE t (id int DEFAULT nextval(s) PRIMARY KEY);
-- after
CREATE SEQUENCE s;
CREATE TABLE t (id int DEFAULT (NEXT VALUE FOR s) PRIMARY KEY);
