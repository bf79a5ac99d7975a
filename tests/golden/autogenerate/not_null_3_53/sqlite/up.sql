-- Needs SQLite 3.53 or later: ALTER COLUMN

-- Let t.b be NULL
ALTER TABLE t ALTER COLUMN b DROP NOT NULL;

-- Refuse NULL in t.a
--   NULL in t.a becomes 'none'
UPDATE t SET a = 'none' WHERE a IS NULL;
ALTER TABLE t ALTER COLUMN a SET NOT NULL;

-- Refuse NULL in t.c
--   NULL in t.c becomes the default, 5
UPDATE t SET c = 5 WHERE c IS NULL;
ALTER TABLE t ALTER COLUMN c SET NOT NULL;

-- Refuse NULL in t.d
-- Fails if rows don't fit: t.d becomes NOT NULL. To find them: SELECT * FROM t WHERE d IS NULL
ALTER TABLE t ALTER COLUMN d SET NOT NULL;
