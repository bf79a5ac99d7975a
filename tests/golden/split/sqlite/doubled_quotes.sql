SELECT 'it''s; fine', '''', '''a;', 'b;''';
SELECT 1 AS "a"";b", 2 AS `c``;d`;
SELECT '';
