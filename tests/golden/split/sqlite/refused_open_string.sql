SELECT 1;
SELECT 'never closed; -- still
SELECT 2;
