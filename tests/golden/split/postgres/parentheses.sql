CREATE TABLE t (a int CHECK (a > (1)), b text DEFAULT (')'));
SELECT (1 + (2 /* ) */ - 1)), '(', ")(" FROM (SELECT 1 AS ")(") AS t;
SELECT 1);
SELECT ((2);
SELECT 3));
SELECT 4;
