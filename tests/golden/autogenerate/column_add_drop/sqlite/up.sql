-- Drop column users.age
-- DESTRUCTIVE: drops column users.age with its values
ALTER TABLE users DROP COLUMN age;

-- Add column users.email
ALTER TABLE users ADD COLUMN email TEXT NOT NULL DEFAULT '';

-- Add column users.created_at
ALTER TABLE users ADD COLUMN created_at TEXT;
