-- Add column users.boss
ALTER TABLE users ADD COLUMN boss INTEGER CHECK (boss <> id) CONSTRAINT users_boss REFERENCES users (id) ON DELETE SET NULL;

-- Add column users.age
ALTER TABLE users ADD COLUMN age INTEGER NOT NULL DEFAULT 1 CHECK (age > 0);

-- Add column users.shout
ALTER TABLE users ADD COLUMN shout TEXT GENERATED ALWAYS AS (upper(name)) VIRTUAL;
