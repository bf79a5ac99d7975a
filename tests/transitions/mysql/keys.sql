-- case: an index and a unique key
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20));
-- after
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), KEY k (a, b DESC), UNIQUE KEY u (b(5)));

-- case: a foreign key comes
-- before
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, p int);
-- after
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, p int, CONSTRAINT c_p FOREIGN KEY (p) REFERENCES p (id) ON DELETE CASCADE);

-- case: a foreign key changes its action
-- before
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, p int, CONSTRAINT c_p FOREIGN KEY (p) REFERENCES p (id) ON DELETE CASCADE);
-- after
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, p int, CONSTRAINT c_p FOREIGN KEY (p) REFERENCES p (id) ON DELETE SET NULL);

-- case: both ends of a foreign key grow
-- before
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, p int, CONSTRAINT c_p FOREIGN KEY (p) REFERENCES p (id));
-- after
CREATE TABLE p (id bigint PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, p bigint, CONSTRAINT c_p FOREIGN KEY (p) REFERENCES p (id));

-- case: a primary key changes
-- before
CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY, a int NOT NULL);
-- after
CREATE TABLE t (id int NOT NULL, a int NOT NULL, PRIMARY KEY (a, id));

-- case: checks
-- before
CREATE TABLE t (a int CHECK (a > 0), b int, CONSTRAINT small CHECK (b < 10));
-- after
CREATE TABLE t (a int CHECK (a > 1), b int, CONSTRAINT small CHECK (b < 20), CONSTRAINT more CHECK (a < b));

-- case: keys of every kind come
-- rows
-- before
CREATE TABLE t (id int NOT NULL, a int, b varchar(200), c text, p point NOT NULL, f int);
-- after
CREATE TABLE t (id int NOT NULL, a int, b varchar(200), c text, p point NOT NULL, f int, PRIMARY KEY (id), UNIQUE KEY u (a, b),
  KEY prefix (b(10), a), KEY down (a DESC, f), FULLTEXT KEY words (c, b), SPATIAL KEY place (p), KEY hashed (f) USING HASH, KEY told (f) COMMENT 'it''s');

-- case: keys of every kind go
-- rows
-- before
CREATE TABLE t (id int NOT NULL, a int, b varchar(200), c text, p point NOT NULL, f int, PRIMARY KEY (id), UNIQUE KEY u (a, b),
  KEY prefix (b(10), a), KEY down (a DESC, f), FULLTEXT KEY words (c, b), SPATIAL KEY place (p), KEY hashed (f) USING HASH, KEY told (f) COMMENT 'it''s');
-- after
CREATE TABLE t (id int NOT NULL, a int, b varchar(200), c text, p point NOT NULL, f int);

-- case: a key becomes unique and back
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, b int, KEY one (a), UNIQUE KEY two (b));
-- after
CREATE TABLE t (id int PRIMARY KEY, a int, b int, UNIQUE KEY one (a), KEY two (b));

-- case: the columns of a key change
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c int, KEY k (a, b), UNIQUE KEY u (b, c));
-- after
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c int, KEY k (b, a, c), UNIQUE KEY u (c));

-- case: the direction of a key changes
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, b int, KEY k (a, b DESC), KEY j (a DESC));
-- after
CREATE TABLE t (id int PRIMARY KEY, a int, b int, KEY k (a DESC, b), KEY j (a));

-- case: the prefix of a key changes
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a varchar(100), b text, c blob, KEY k (a(5)), KEY j (b(10), c(3)), UNIQUE KEY u (b(30)));
-- after
CREATE TABLE t (id int PRIMARY KEY, a varchar(100), b text, c blob, KEY k (a), KEY j (b(20), c(3)), UNIQUE KEY u (b(40)));

-- case: a long unique key
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a text, b blob);
-- after
CREATE TABLE t (id int PRIMARY KEY, a text, b blob, UNIQUE KEY u (a), UNIQUE KEY v (b));

-- case: the comment on a key changes
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, KEY k (a) COMMENT 'one', KEY j (id, a), KEY l (a, id) COMMENT 'USING BTREE');
-- after
CREATE TABLE t (id int PRIMARY KEY, a int, KEY k (a) COMMENT 'two', KEY j (id, a) COMMENT 'x', KEY l (a, id));

-- case: a key is ignored
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, b int, KEY k (a), KEY j (b) IGNORED);
-- after
CREATE TABLE t (id int PRIMARY KEY, a int, b int, KEY k (a) IGNORED, KEY j (b));

-- case: a full-text key changes
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a text, b varchar(100), FULLTEXT KEY k (a));
-- after
CREATE TABLE t (id int PRIMARY KEY, a text, b varchar(100), FULLTEXT KEY k (a, b) COMMENT 'both', FULLTEXT KEY l (b));

-- case: a spatial key comes with its column
-- before
CREATE TABLE t (id int PRIMARY KEY);
-- after
CREATE TABLE t (id int PRIMARY KEY, p point NOT NULL, SPATIAL KEY place (p));

-- case: a spatial key goes with its column
-- before
CREATE TABLE t (id int PRIMARY KEY, p point NOT NULL, SPATIAL KEY place (p));
-- after
CREATE TABLE t (id int PRIMARY KEY);

-- case: a primary key comes
-- rows
-- before
CREATE TABLE t (id int, a int);
-- after
CREATE TABLE t (id int PRIMARY KEY, a int);

-- case: a primary key goes
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int);
-- after
CREATE TABLE t (id int, a int);

-- case: a primary key of two becomes one of one
-- rows
-- before
CREATE TABLE t (a int, b int, c int, PRIMARY KEY (a, b));
-- after
CREATE TABLE t (a int, b int NOT NULL, c int, PRIMARY KEY (a));

-- case: the order in a primary key changes
-- rows
-- before
CREATE TABLE t (a int, b int, c int, PRIMARY KEY (a, b));
-- after
CREATE TABLE t (a int, b int, c int, PRIMARY KEY (b DESC, a));

-- case: a primary key becomes a unique one
-- rows
-- before
CREATE TABLE t (id int NOT NULL, a int NOT NULL, PRIMARY KEY (id), UNIQUE KEY u (a));
-- after
CREATE TABLE t (id int NOT NULL, a int NOT NULL, PRIMARY KEY (a), UNIQUE KEY u (id));

-- case: a column of a key goes
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, b int, KEY k (a, b), UNIQUE KEY u (b));
-- after
CREATE TABLE t (id int PRIMARY KEY, a int, KEY k (a));

-- case: a column of a unique key of two goes
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, b int, UNIQUE KEY u (a, b));
-- after
CREATE TABLE t (id int PRIMARY KEY, a int);

-- case: a column of a primary key goes
-- rows
-- before
CREATE TABLE t (a int, b int, PRIMARY KEY (a, b));
-- after
CREATE TABLE t (a int PRIMARY KEY);

-- case: the column of a prefix becomes a number
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a varchar(30), KEY k (a(5)));
-- after
CREATE TABLE t (id int PRIMARY KEY, a varbinary(30), KEY k (a(3)));

-- case: keys with names that need quotes
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, `a b` int, `c``d` int, KEY `key` (`a b`));
-- after
CREATE TABLE t (id int PRIMARY KEY, `a b` int, `c``d` int, KEY `key` (`a b`, `c``d`), UNIQUE KEY `PRIMARY key` (`c``d`));

-- case: a key on a table with another engine
-- before
CREATE TABLE t (id int, a varchar(20)) ENGINE=MEMORY;
CREATE TABLE u (id int, a text) ENGINE=Aria;
-- after
CREATE TABLE t (id int, a varchar(20), KEY k (a) USING BTREE, KEY j (id)) ENGINE=MEMORY;
CREATE TABLE u (id int PRIMARY KEY, a text, FULLTEXT KEY (a)) ENGINE=Aria;

-- case: the size of a key's block
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, KEY k (a));
-- after
CREATE TABLE t (id int PRIMARY KEY, a int, KEY k (a) KEY_BLOCK_SIZE=4);
