-- case: a virtual column comes
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int);
-- after
CREATE TABLE t (id int PRIMARY KEY, a int, g bigint AS (a * 2) VIRTUAL COMMENT 'twice');

-- case: a stored column comes
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a varchar(20), b varchar(20));
-- after
CREATE TABLE t (id int PRIMARY KEY, a varchar(20), g varchar(41) AS (concat(a, ' ', b)) STORED, b varchar(20));

-- case: a virtual column goes
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, g int AS (a DIV 2) VIRTUAL);
-- after
CREATE TABLE t (id int PRIMARY KEY, a int);

-- case: a stored column goes with its source
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a varchar(20), g varchar(20) AS (upper(a)) STORED);
-- after
CREATE TABLE t (id int PRIMARY KEY);

-- case: a virtual column becomes a stored one
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a varchar(20), g varchar(20) AS (lower(a)) VIRTUAL);
-- after
CREATE TABLE t (id int PRIMARY KEY, a varchar(20), g varchar(20) AS (lower(a)) STORED);

-- case: a plain column becomes a stored one
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a varchar(20), g varchar(20));
-- after
CREATE TABLE t (id int PRIMARY KEY, a varchar(20), g varchar(20) AS (lower(a)) STORED);

-- case: a plain column becomes a virtual one
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a varchar(20), g varchar(20));
-- after
CREATE TABLE t (id int PRIMARY KEY, a varchar(20), g varchar(20) AS (lower(a)) VIRTUAL);

-- case: a virtual column under an index changes its kind
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a varchar(20), g varchar(20) AS (lower(a)) VIRTUAL, KEY by_g (g), KEY both_of (id, g));
-- after
CREATE TABLE t (id int PRIMARY KEY, a varchar(20), g varchar(20) AS (lower(a)) STORED, KEY by_g (g), KEY both_of (id, g));

-- case: a generated column on a generated one
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a varchar(20));
-- after
CREATE TABLE t (id int PRIMARY KEY, g varchar(20) AS (lower(a)) STORED, h int AS (length(g)), a varchar(20));

-- case: a generated column on one that changes its kind
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a varchar(20), g varchar(20) AS (lower(a)) VIRTUAL, h int AS (length(g)) VIRTUAL);
-- after
CREATE TABLE t (id int PRIMARY KEY, a varchar(20), g varchar(20) AS (lower(a)) STORED, h int AS (length(g)) VIRTUAL);

-- case: the source of a generated column changes its type
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, g bigint AS (a) STORED, v bigint AS (a) VIRTUAL);
-- after
CREATE TABLE t (id int PRIMARY KEY, a bigint, g bigint AS (a) STORED, v bigint AS (a) VIRTUAL);

-- case: the source of a generated column is another one
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), g varchar(20) AS (lower(a)) STORED, v varchar(20) AS (upper(a)) VIRTUAL);
-- after
CREATE TABLE t (id int PRIMARY KEY, b varchar(10), g varchar(20) AS (lower(b)) STORED, v varchar(20) AS (upper(b)) VIRTUAL);

-- case: a generated column under a unique key and a check
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a varchar(20));
-- after
CREATE TABLE t (id int PRIMARY KEY, a varchar(20), g varchar(90) AS (concat(id, '-', a)) STORED, UNIQUE KEY (g), CONSTRAINT long_enough CHECK (g <> 'x'));

-- case: a generated column of json
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, d json);
-- after
CREATE TABLE t (id int PRIMARY KEY, d json, a varchar(30) AS (json_value(d, '$.a')) VIRTUAL, b int AS (json_length(d)) STORED, KEY (a));

-- case: the type of a virtual column changes
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a tinyint, v int AS (a + 1) VIRTUAL, s int AS (a + 1) STORED INVISIBLE);
-- after
CREATE TABLE t (id int PRIMARY KEY, a tinyint, v bigint AS (a + 1) VIRTUAL INVISIBLE, s bigint AS (a + 1) STORED COMMENT 'x');

-- case: a virtual column becomes a plain one
-- golden: mysql_kept_values
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, g bigint AS (id + 1) VIRTUAL COMMENT 'x', b int, at datetime DEFAULT now() ON UPDATE now(), KEY (g));
-- after
CREATE TABLE t (id int PRIMARY KEY, a int, g bigint NOT NULL DEFAULT 3 COMMENT 'x', b int, at datetime DEFAULT now() ON UPDATE now(), KEY (g));

-- case: a stored column becomes a plain one
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, g bigint AS (id + 1) STORED);
-- after
CREATE TABLE t (id int PRIMARY KEY, a int, g bigint);
