-- Add column users.boss
-- Fails if rows don't fit: CHECK (boss <> id) of users. To find them: SELECT * FROM (SELECT rowid, id AS id, NULL AS boss FROM users) AS users WHERE NOT (boss <> id)
ALTER TABLE users ADD COLUMN boss INTEGER CHECK (boss <> id) CONSTRAINT users_boss REFERENCES users (id) ON DELETE SET NULL;

-- Add column users.age
-- Fails if rows don't fit: CHECK (age > 0) of users. To find them: SELECT * FROM (SELECT rowid, 1 AS age FROM users) AS users WHERE NOT (age > 0)
ALTER TABLE users ADD COLUMN age INTEGER NOT NULL DEFAULT 1 CHECK (age > 0);

-- Add column users.shout
ALTER TABLE users ADD COLUMN shout TEXT GENERATED ALWAYS AS (upper(name)) VIRTUAL;
