SELECT 1;
SELECT 2 /* SQLite takes this; for a comment
