-- a comment runs on; past aSELECT 1;
SELECT2;
