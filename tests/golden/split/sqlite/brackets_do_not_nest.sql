SELECT 1 AS [a[b;c], 2 AS [d"e'f;g];
SELECT 3 AS [--];
