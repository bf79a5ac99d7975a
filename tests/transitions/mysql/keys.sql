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
