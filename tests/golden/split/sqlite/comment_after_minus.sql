SELECT 1 - -1;
SELECT 1--1;
;SELECT 2---2
;
SELECT '{}' ->> 'a;' -- x
;
