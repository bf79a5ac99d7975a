-- Needs SQLite 3.53 or later: ALTER COLUMN

-- Let t.a be NULL
ALTER TABLE t ALTER COLUMN a DROP NOT NULL;

-- Let t.c be NULL
ALTER TABLE t ALTER COLUMN c DROP NOT NULL;

-- Let t.d be NULL
ALTER TABLE t ALTER COLUMN d DROP NOT NULL;

-- Refuse NULL in t.b
--   it fails if there is a NULL; an UPDATE before it can help
ALTER TABLE t ALTER COLUMN b SET NOT NULL;
