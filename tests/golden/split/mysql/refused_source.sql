CREATE TABLE t (a INT);
source other.sql
SELECT 1;
