SELECT 5--1;
SELECT 6 --1 ;
SELECT 1; -- it's a comment;
--
SELECT 2 --	tab;
;
# it's; a comment
SELECT 3#;
;
/* it's; /* not nested; */ SELECT 4 /*;*/ /**/;
SELECT '--', '#;', "/*", 5, '*/' ;
