CREATE TABLE t (a int  DEFAULT (1), "b" TEXT CHECK ((b <> '')), c AS (a + 1) VIRTUAL);
CREATE INDEX i ON t (a ASC);
