SELECT '\restrict', "\d" FROM (SELECT 1 AS "\d") AS t; -- \q
/* \connect */ SELECT $$
\i file.sql
$$, E'\
\d';
SELECT '
\.
';
