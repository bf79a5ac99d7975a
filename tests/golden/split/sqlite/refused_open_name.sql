SELECT 1;
  SELECT 1 AS "never;
 closed ' ` ];