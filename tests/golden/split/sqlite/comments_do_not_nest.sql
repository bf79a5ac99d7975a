SELECT 1 /* outer /* inner; */ + 2; /* SELECT 3; */
SELECT 4 /**/; SELECT /*;*/ 5;
