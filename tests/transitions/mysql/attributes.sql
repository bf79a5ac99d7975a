-- case: a default is said
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int);
-- after
CREATE TABLE t (id int PRIMARY KEY, a int DEFAULT 5);

-- case: a default changes
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a varchar(20) DEFAULT 'it''s', b int NOT NULL DEFAULT 0);
-- after
CREATE TABLE t (id int PRIMARY KEY, a varchar(20) DEFAULT '\\ "x"', b int NOT NULL DEFAULT -1);

-- case: a default goes
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL DEFAULT 5, b int DEFAULT 7);
-- after
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, b int);

-- case: defaults by expressions
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a varchar(40), b int, c date, d char(36));
-- after
CREATE TABLE t (id int PRIMARY KEY, a varchar(40) DEFAULT (concat('a', '_', 1)), b int DEFAULT (1 + 2 * 3),
  c date DEFAULT (current_date), d char(36) DEFAULT (uuid()));

-- case: an expression of a default changes
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a varchar(40) DEFAULT (concat('a', 'DEFAULT ')), b int DEFAULT (1 + 2));
-- after
CREATE TABLE t (id int PRIMARY KEY, a varchar(40) DEFAULT (lower('NOT NULL')), b int DEFAULT (2 + 2));

-- case: a default names another column
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, b int);
-- after
CREATE TABLE t (id int PRIMARY KEY, a int, b int DEFAULT (a + 1));

-- case: a default names a column that comes with it
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY);
-- after
CREATE TABLE t (id int PRIMARY KEY, b int DEFAULT (a + 1), a int DEFAULT 4);

-- case: defaults of texts and blobs
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a text, b blob, c json);
-- after
CREATE TABLE t (id int PRIMARY KEY, a text DEFAULT 'x', b blob DEFAULT 'y', c json DEFAULT '{"a": [1, 2]}');

-- case: defaults of moments
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a datetime, b timestamp(3) NULL, c datetime(6));
-- after
CREATE TABLE t (id int PRIMARY KEY, a datetime DEFAULT current_timestamp, b timestamp(3) NULL DEFAULT current_timestamp(3),
  c datetime(6) DEFAULT '2020-02-29 12:00:00.5');

-- case: on update of the row comes
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a datetime(6) DEFAULT current_timestamp(6));
-- after
CREATE TABLE t (id int PRIMARY KEY, a datetime(6) DEFAULT current_timestamp(6) ON UPDATE current_timestamp(6));

-- case: on update of the row goes
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp, b datetime ON UPDATE now());
-- after
CREATE TABLE t (id int PRIMARY KEY, a timestamp NOT NULL DEFAULT current_timestamp, b datetime);

-- case: a timestamp becomes nullable and back
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a timestamp NOT NULL DEFAULT '2020-01-01 00:00:00', b timestamp NULL);
-- after
CREATE TABLE t (id int PRIMARY KEY, a timestamp NULL DEFAULT NULL, b timestamp NULL DEFAULT '2021-01-01 00:00:00');

-- case: a comment on a column comes
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL DEFAULT 3);
-- after
CREATE TABLE t (id int PRIMARY KEY COMMENT 'the key', a int NOT NULL DEFAULT 3 COMMENT 'it''s a \\ "NOT NULL", ; DEFAULT 4');

-- case: a comment on a column changes
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int COMMENT 'one');
-- after
CREATE TABLE t (id int PRIMARY KEY, a int COMMENT 'two
lines');

-- case: a comment on a column goes
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int COMMENT 'one, PRIMARY KEY (x)', b int);
-- after
CREATE TABLE t (id int PRIMARY KEY, a int, b int);

-- case: a column becomes not null
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(10) DEFAULT 'x');
-- after
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, b varchar(10) NOT NULL DEFAULT 'x');

-- case: a column may be null
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, b varchar(10) NOT NULL DEFAULT 'x');
-- after
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(10) DEFAULT 'x');

-- case: a column becomes auto_increment
-- rows
-- before
CREATE TABLE t (id int NOT NULL PRIMARY KEY, a int);
-- after
CREATE TABLE t (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, a int);

-- case: a column is auto_increment no more
-- rows
-- before
CREATE TABLE t (id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, a int);
-- after
CREATE TABLE t (id bigint unsigned NOT NULL PRIMARY KEY, a int);

-- case: a column that numbers its rows comes with its key
-- before
CREATE TABLE t (a int);
-- after
CREATE TABLE t (a int, id int NOT NULL AUTO_INCREMENT PRIMARY KEY);

-- case: a column that numbers its rows goes with its key
-- rows
-- before
CREATE TABLE t (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, a int);
-- after
CREATE TABLE t (a int);

-- case: another column numbers the rows
-- before
CREATE TABLE t (a int NOT NULL AUTO_INCREMENT PRIMARY KEY, b int NOT NULL);
-- after
CREATE TABLE t (a int NOT NULL, b int NOT NULL AUTO_INCREMENT PRIMARY KEY);

-- case: a column that numbers its rows changes its key
-- rows
-- before
CREATE TABLE t (id int NOT NULL AUTO_INCREMENT, a int NOT NULL, UNIQUE KEY by_id (id));
-- after
CREATE TABLE t (id int NOT NULL AUTO_INCREMENT, a int NOT NULL, PRIMARY KEY (id));

-- case: a column becomes invisible
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int DEFAULT 4, b varchar(10));
-- after
CREATE TABLE t (id int PRIMARY KEY, a int INVISIBLE DEFAULT 4, b varchar(10) INVISIBLE);

-- case: a column becomes visible
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int INVISIBLE DEFAULT 4 COMMENT 'x');
-- after
CREATE TABLE t (id int PRIMARY KEY, a int DEFAULT 4 COMMENT 'x');

-- case: an invisible column comes
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY);
-- after
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL DEFAULT 1 INVISIBLE, b int INVISIBLE);

-- case: everything of a column changes
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a varchar(20) CHARACTER SET latin1 COLLATE latin1_swedish_ci NOT NULL DEFAULT 'x' COMMENT 'one' CHECK (a <> 'q'));
-- after
CREATE TABLE t (a varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin INVISIBLE DEFAULT (concat('y', 'z')) COMMENT 'two' CHECK (a <> 'r'), id int PRIMARY KEY);

-- case: a column is compressed
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a text, b blob COMPRESSED);
-- after
CREATE TABLE t (id int PRIMARY KEY, a text COMPRESSED, b blob);

-- case: names with quotes and blanks
-- rows
-- before
CREATE TABLE `a``b c` (`id of "it"` int PRIMARY KEY, `select` int, `ä, (x` int);
-- after
CREATE TABLE `a``b c` (`id of "it"` bigint PRIMARY KEY, `select` int NOT NULL DEFAULT 1 COMMENT '`x`', `ä, (x` int, `new ``x``` int DEFAULT (`select` + 1));

-- case: names of columns change their case
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, someName int, other int);
-- after
CREATE TABLE t (id int PRIMARY KEY, someName int, other int, Another int, KEY k (SOMENAME, other));
