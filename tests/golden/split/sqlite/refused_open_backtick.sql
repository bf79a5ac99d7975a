SELECT 'ä', `a``;
SELECT 2;