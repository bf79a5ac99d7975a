SELECT '-- no comment; here', '/* nor; here';
SELECT "*/", '*/ ;', 1 AS `--`;
SELECT 'a' -- but; here
|| 'b';
