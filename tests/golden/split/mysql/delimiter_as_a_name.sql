CREATE TABLE `delimiter` (delimiter INT);
SELECT
  delimiter
FROM `delimiter`;
SELECT 1 AS delimiter ;
