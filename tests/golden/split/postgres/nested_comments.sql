/* one; /* two; */ still one; */ SELECT 1 /* /* /* ; */ */ */;
/**/ SELECT 2 /*/*/*;*/*/*/; /***/
SELECT 3 -- /* no comment;
;
-- */ SELECT no;
SELECT '/*', 4, '*/';
/* it's /* "quoted" */ $$ */
SELECT 5 /* -- */ ; /* /**/ */
