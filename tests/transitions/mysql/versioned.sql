-- case: a table becomes versioned
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int);
-- after
CREATE TABLE t (id int PRIMARY KEY, a int) WITH SYSTEM VERSIONING;

-- case: a table is versioned no more
-- says: drops the history of table t
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int) WITH SYSTEM VERSIONING;
-- after
CREATE TABLE t (id int PRIMARY KEY, a int);

-- case: a versioned table changes
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, b text) WITH SYSTEM VERSIONING;
-- after
CREATE TABLE t (id int PRIMARY KEY, a bigint, c date, b text, KEY (a)) WITH SYSTEM VERSIONING;

-- case: a column without versions
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, b int WITHOUT SYSTEM VERSIONING) WITH SYSTEM VERSIONING;
-- after
CREATE TABLE t (id int PRIMARY KEY, a int WITHOUT SYSTEM VERSIONING, b int) WITH SYSTEM VERSIONING;

-- case: a versioned table with columns of its own comes
-- before
CREATE TABLE z (id int);
-- after
CREATE TABLE z (id int);
CREATE TABLE t (id int PRIMARY KEY, a int, start_at timestamp(6) GENERATED ALWAYS AS ROW START, end_at timestamp(6) GENERATED ALWAYS AS ROW END INVISIBLE,
  PERIOD FOR SYSTEM_TIME (start_at, end_at)) WITH SYSTEM VERSIONING;

-- case: a table becomes versioned with columns of its own
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int);
-- after
CREATE TABLE t (id int PRIMARY KEY, a int, start_at timestamp(6) GENERATED ALWAYS AS ROW START, end_at timestamp(6) GENERATED ALWAYS AS ROW END,
  PERIOD FOR SYSTEM_TIME (start_at, end_at)) WITH SYSTEM VERSIONING;

-- case: a versioned table is divided
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int) WITH SYSTEM VERSIONING;
-- after
CREATE TABLE t (id int PRIMARY KEY, a int) WITH SYSTEM VERSIONING PARTITION BY SYSTEM_TIME (PARTITION old HISTORY, PARTITION now CURRENT);

-- case: a period comes
-- rows
-- before
CREATE TABLE t (id int, s date NOT NULL, e date NOT NULL, CONSTRAINT order_of_t CHECK (s < e));
-- after
CREATE TABLE t (id int, s date NOT NULL, e date NOT NULL, PERIOD FOR valid (s, e), CONSTRAINT order_of_t CHECK (s < e));

-- case: a period with a key without overlaps
-- rows
-- before
CREATE TABLE t (id int NOT NULL, s date NOT NULL, e date NOT NULL, CONSTRAINT order_of_t CHECK (s < e));
-- after
CREATE TABLE t (id int NOT NULL, s date NOT NULL, e date NOT NULL, PERIOD FOR valid (s, e), PRIMARY KEY (id, valid WITHOUT OVERLAPS), CONSTRAINT order_of_t CHECK (s < e));

-- case: a period goes
-- rows
-- before
CREATE TABLE t (id int NOT NULL, s date NOT NULL, e date NOT NULL, PERIOD FOR valid (s, e), UNIQUE KEY u (id, valid WITHOUT OVERLAPS), CONSTRAINT order_of_t CHECK (s < e));
-- after
CREATE TABLE t (id int NOT NULL, s date NOT NULL, e date NOT NULL, CONSTRAINT order_of_t CHECK (s < e));

-- case: a key without overlaps changes
-- rows
-- before
CREATE TABLE t (id int NOT NULL, a int NOT NULL, s datetime NOT NULL, e datetime NOT NULL, PERIOD FOR valid (s, e), UNIQUE KEY u (id, valid WITHOUT OVERLAPS), CONSTRAINT order_of_t CHECK (s < e));
-- after
CREATE TABLE t (id int NOT NULL, a int NOT NULL, s datetime NOT NULL, e datetime NOT NULL, PERIOD FOR valid (s, e), UNIQUE KEY u (id, a, valid WITHOUT OVERLAPS), CONSTRAINT order_of_t CHECK (s < e));

-- case: a table with a period comes
-- before
CREATE TABLE z (id int);
-- after
CREATE TABLE t (id int NOT NULL, s date, e date, PERIOD FOR valid (s, e), UNIQUE KEY u (id, valid WITHOUT OVERLAPS));
