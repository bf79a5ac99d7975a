-- Needs SQLite 3.53 or later: ALTER COLUMN

-- Let t.a be NULL
ALTER TABLE t ALTER COLUMN a DROP NOT NULL;

-- Let t.c be NULL
ALTER TABLE t ALTER COLUMN c DROP NOT NULL;

-- Let t.d be NULL
ALTER TABLE t ALTER COLUMN d DROP NOT NULL;

-- Refuse NULL in t.b
-- Fails if rows don't fit: t.b becomes NOT NULL. To find them: SELECT * FROM t WHERE b IS NULL
ALTER TABLE t ALTER COLUMN b SET NOT NULL;
