-- case: a new column is filled
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a varchar(20));
-- after
CREATE TABLE t (
  id int PRIMARY KEY,
  b varchar(40) NOT NULL, -- backfill: concat('x-', coalesce(a, 'none'))
  a varchar(20)
);

-- case: a column that becomes not null is filled
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, b datetime);
-- after
CREATE TABLE t (
  id int PRIMARY KEY,
  a int NOT NULL, -- backfill: 0
  b datetime NOT NULL -- backfill: '2020-01-01'
);

-- case: what changes with a row stays as it is
-- says: `touched` = `touched`
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, touched datetime NOT NULL DEFAULT now() ON UPDATE now());
-- after
CREATE TABLE t (
  id int PRIMARY KEY, a int,
  b int NOT NULL, -- backfill: id * 2
  touched datetime NOT NULL DEFAULT now() ON UPDATE now()
);

-- case: triggers don't fire
-- golden: mysql_backfill
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE TRIGGER one BEFORE UPDATE ON t FOR EACH ROW SET NEW.a = 77;
CREATE TRIGGER two BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;
-- after
CREATE TABLE t (
  id int PRIMARY KEY, a int,
  b int NOT NULL -- backfill: id * 2
);
CREATE TRIGGER one BEFORE UPDATE ON t FOR EACH ROW SET NEW.a = 77;
CREATE TRIGGER two BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;

-- case: a new column with a unique key and a date is filled
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int);
-- after
CREATE TABLE t (
  id int PRIMARY KEY, a int,
  code varchar(40) NOT NULL, -- backfill: concat('c', id)
  made date NOT NULL DEFAULT '2020-01-01', -- backfill: '2019-05-05'
  UNIQUE KEY (code)
);

-- case: a new foreign key is filled
-- rows
-- before
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY);
-- after
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (
  id int PRIMARY KEY,
  p int, -- backfill: (SELECT min(id) FROM p)
  CONSTRAINT c_p FOREIGN KEY (p) REFERENCES p (id)
);

-- case: a column is split
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, name varchar(40) NOT NULL DEFAULT 'a b');
-- after
CREATE TABLE t (
  id int PRIMARY KEY,
  first varchar(40) NOT NULL, -- backfill: substring_index(name, ' ', 1)
  rest varchar(40) NOT NULL -- backfill: substring_index(name, ' ', -1)
);

-- case: a filled column with a default that the type doesn't have
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY);
-- after
CREATE TABLE t (
  id int PRIMARY KEY,
  a varchar(40) NOT NULL DEFAULT 'NOT NULL' COMMENT ' DEFAULT 4' -- backfill: 'it''s'
);

-- case: a filled column that may be null has a default
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a enum('x NOT NULL', 'y'));
-- after
CREATE TABLE t (
  id int PRIMARY KEY,
  a enum('x NOT NULL', 'y'),
  b int DEFAULT 4, -- backfill: id
  c enum('x NOT NULL', ' DEFAULT 3') NOT NULL DEFAULT ' DEFAULT 3' -- backfill: 'x NOT NULL'
);
