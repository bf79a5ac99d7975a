CREATE TABLE n (i);
WITH RECURSIVE c(i) AS (
    VALUES (1) -- start; here
    UNION ALL
    SELECT i + 1 FROM c WHERE i < 3
)
INSERT INTO n SELECT i FROM c;
SELECT sum(i) OVER win FROM n WINDOW win AS (ORDER BY i); SELECT i AS window FROM n;
