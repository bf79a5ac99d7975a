-- case: a check at the column comes
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20) NOT NULL DEFAULT 'x');
-- after
CREATE TABLE t (id int PRIMARY KEY, a int CHECK (a > 0), b varchar(20) NOT NULL DEFAULT 'x' CHECK (b <> 'q;' AND b NOT LIKE 'COMMENT %'));

-- case: a check at the column goes
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int DEFAULT 3 COMMENT 'x' CHECK (a > 0), b int CHECK (b IN (1, 2)));
-- after
CREATE TABLE t (id int PRIMARY KEY, a int DEFAULT 3 COMMENT 'x', b int);

-- case: a check moves from the column to the table
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int CHECK (a > 0), b int, CHECK (b > 0));
-- after
CREATE TABLE t (id int PRIMARY KEY, a int, b int CHECK (b > 0), CHECK (a > 0));

-- case: checks of a table
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c varchar(20), CONSTRAINT low CHECK (a < b), CONSTRAINT gone CHECK (b <> 3));
-- after
CREATE TABLE t (id int PRIMARY KEY, a int, b int, c varchar(20), CONSTRAINT low CHECK (a <= b), CONSTRAINT shape CHECK (c REGEXP '^[a-z ]+[0-9]*$'),
  CONSTRAINT one_of CHECK (a IS NULL OR b IS NOT NULL));

-- case: checks without names
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, b int, CHECK (a > 0), CHECK (b > 0));
-- after
CREATE TABLE t (id int PRIMARY KEY, a int, b int, CHECK (b > 0), CHECK (a < 100), CHECK (a > 0));

-- case: a check goes with its column
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, b int, CONSTRAINT c CHECK (a < b), CONSTRAINT d CHECK (b > 0));
-- after
CREATE TABLE t (id int PRIMARY KEY, a int);

-- case: a check comes with its column
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int);
-- after
CREATE TABLE t (id int PRIMARY KEY, a int, b int DEFAULT 5 CHECK (b > 0), CONSTRAINT c CHECK (b <> a));

-- case: the type of a checked column changes
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, b int CHECK (b > 0), CONSTRAINT c CHECK (a > 1));
-- after
CREATE TABLE t (id int PRIMARY KEY, a bigint, b bigint CHECK (b > 0), CONSTRAINT c CHECK (a > 1));

-- case: checks over generated columns
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, g int AS (a + 1) VIRTUAL, CONSTRAINT c CHECK (g > 1));
-- after
CREATE TABLE t (id int PRIMARY KEY, a int, g int AS (a + 1) STORED, CONSTRAINT c CHECK (g > 1), CONSTRAINT d CHECK (g < 1000));

-- case: checks of lengths and dates
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a varchar(20), b date, c date, d char(2), e decimal(5,2));
-- after
CREATE TABLE t (id int PRIMARY KEY, a varchar(20), b date, c date, d char(2), e decimal(5,2), CONSTRAINT a_long CHECK (char_length(a) BETWEEN 2 AND 9),
  CONSTRAINT b_before_c CHECK (b <= c), CONSTRAINT d_known CHECK (d IN ('de', 'fr')), CONSTRAINT e_part CHECK (e BETWEEN 0 AND 1));

-- case: a check has another name
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, CONSTRAINT one CHECK (a > 0));
-- after
CREATE TABLE t (id int PRIMARY KEY, a int, CONSTRAINT two CHECK (a > 0));
