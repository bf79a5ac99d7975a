-- case: a table has another name
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, KEY (a));
-- after
-- renamed from: t
CREATE TABLE u (id int PRIMARY KEY, a int, KEY (a));

-- case: tables swap their names
-- rows
-- before
CREATE TABLE a (id int PRIMARY KEY, x int);
CREATE TABLE b (id int PRIMARY KEY, y text);
-- after
-- renamed from: b
CREATE TABLE a (id int PRIMARY KEY, y text);
-- renamed from: a
CREATE TABLE b (id int PRIMARY KEY, x int);

-- case: names of tables go round
-- rows
-- before
CREATE TABLE a (id int PRIMARY KEY, x int);
CREATE TABLE b (id int PRIMARY KEY, y text);
CREATE TABLE c (id int PRIMARY KEY, z date);
-- after
-- renamed from: a
CREATE TABLE b (id int PRIMARY KEY, x int);
-- renamed from: b
CREATE TABLE c (id int PRIMARY KEY, y text);
-- renamed from: c
CREATE TABLE a (id int PRIMARY KEY, z date);

-- case: a chain of names
-- rows
-- before
CREATE TABLE a (id int PRIMARY KEY, x int);
CREATE TABLE b (id int PRIMARY KEY, y text);
-- after
-- renamed from: a
CREATE TABLE b (id int PRIMARY KEY, x int);
-- renamed from: b
CREATE TABLE c (id int PRIMARY KEY, y text);

-- case: a table takes the name of one that goes
-- refused: `a` can't be renamed to `b`: both are there already
-- before
CREATE TABLE a (id int PRIMARY KEY, x int);
CREATE TABLE b (id int PRIMARY KEY, y text);
-- after
-- renamed from: a
CREATE TABLE b (id int PRIMARY KEY, x int);

-- case: a new table takes the old name
-- rows
-- before
CREATE TABLE a (id int PRIMARY KEY, x int);
-- after
-- renamed from: a
CREATE TABLE b (id int PRIMARY KEY, x int);
CREATE TABLE a (id int PRIMARY KEY, q date);

-- case: a column has another name
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL DEFAULT 3 COMMENT 'x', KEY k (a));
-- after
CREATE TABLE t (
  id int PRIMARY KEY,
  b int NOT NULL DEFAULT 3 COMMENT 'x', -- renamed from: a
  KEY k (b)
);

-- case: columns swap their names
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, b text);
-- after
CREATE TABLE t (
  id int PRIMARY KEY,
  b int, -- renamed from: a
  a text -- renamed from: b
);

-- case: a column has another name and another type
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, c int);
-- after
CREATE TABLE t (
  id int PRIMARY KEY,
  c int,
  b bigint NOT NULL DEFAULT 4 -- renamed from: a
);

-- case: an index has another name
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, KEY k (a), UNIQUE KEY u (a, id));
-- after
CREATE TABLE t (
  id int PRIMARY KEY, a int,
  KEY l (a), -- renamed from: k
  UNIQUE KEY v (a, id) -- renamed from: u
);

-- case: a table with its columns and indexes
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, KEY k (a));
-- after
-- renamed from: t
CREATE TABLE u (
  id int PRIMARY KEY,
  b int, -- renamed from: a
  KEY l (b) -- renamed from: k
);

-- case: a table to which keys refer
-- rows
-- before
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, p int, CONSTRAINT c_p FOREIGN KEY (p) REFERENCES p (id));
-- after
-- renamed from: p
CREATE TABLE q (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, p int, CONSTRAINT c_p FOREIGN KEY (p) REFERENCES q (id));

-- case: a column to which keys refer
-- rows
-- before
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, p int, CONSTRAINT c_p FOREIGN KEY (p) REFERENCES p (id));
-- after
CREATE TABLE p (
  pid int PRIMARY KEY -- renamed from: id
);
CREATE TABLE c (
  id int PRIMARY KEY,
  parent int, -- renamed from: p
  KEY c_p (parent),
  CONSTRAINT c_p FOREIGN KEY (parent) REFERENCES p (pid)
);

-- case: a table with a foreign key without a name
-- rows
-- both
CREATE TABLE p (id int PRIMARY KEY);
-- before
CREATE TABLE c (id int PRIMARY KEY, p int, FOREIGN KEY (p) REFERENCES p (id));
-- after
-- renamed from: c
CREATE TABLE d (id int PRIMARY KEY, p int, FOREIGN KEY (p) REFERENCES p (id));

-- case: a table under a view
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE VIEW v AS SELECT id, a FROM t;
-- after
-- renamed from: t
CREATE TABLE u (id int PRIMARY KEY, a int);
CREATE VIEW v AS SELECT id, a FROM u;

-- case: a column under a view
-- golden: mysql_renamed_column
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE VIEW v AS SELECT id, a FROM t;
CREATE VIEW w AS SELECT id FROM v;
-- after
CREATE TABLE t (
  id int PRIMARY KEY,
  b int -- renamed from: a
);
CREATE VIEW v AS SELECT id, b FROM t;
CREATE VIEW w AS SELECT id FROM v;

-- case: a column under a generated one and checks
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int CHECK (a > 0), g int AS (a + 1) STORED, v int AS (a + 2), CONSTRAINT c CHECK (a < 1000));
-- after
CREATE TABLE t (
  id int PRIMARY KEY,
  b int CHECK (b > 0), -- renamed from: a
  g int AS (b + 1) STORED, v int AS (b + 2), CONSTRAINT c CHECK (b < 1000));

-- case: a column under a trigger
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;
-- after
CREATE TABLE t (
  id int PRIMARY KEY,
  b int -- renamed from: a
);
CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW SET NEW.b = 1;

-- case: a table under a trigger
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;
-- after
-- renamed from: t
CREATE TABLE u (id int PRIMARY KEY, a int);
CREATE TRIGGER one BEFORE INSERT ON u FOR EACH ROW SET NEW.a = 1;

-- case: the column that numbers the rows
-- rows
-- before
CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY, a int);
-- after
CREATE TABLE t (
  number bigint AUTO_INCREMENT PRIMARY KEY, -- renamed from: id
  a int);

-- case: a column of partitions
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int) PARTITION BY HASH (id) PARTITIONS 2;
-- after
CREATE TABLE t (
  number int PRIMARY KEY, -- renamed from: id
  a int) PARTITION BY HASH (number) PARTITIONS 2;

-- case: a name changes its case
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int);
-- after
-- renamed from: t
CREATE TABLE T (id int PRIMARY KEY, a int);

-- case: a table with a capital letter gets another name
-- rows
-- before
CREATE TABLE `House` (id int PRIMARY KEY, Old_One int);
-- after
CREATE TABLE job ( -- renamed from: House
    id int PRIMARY KEY,
    new_one int -- renamed from: Old_One
);
-- says: RENAME TABLE `House` TO `job`
