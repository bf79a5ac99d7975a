SELECT x'3b';SELECT X'27', x'';
SELECT x'' || 'x;' AS x;
