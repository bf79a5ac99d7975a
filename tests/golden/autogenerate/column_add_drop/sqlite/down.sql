-- Drop column users.email
-- DESTRUCTIVE: drops column users.email with its values
ALTER TABLE users DROP COLUMN email;

-- Drop column users.created_at
-- DESTRUCTIVE: drops column users.created_at with its values
ALTER TABLE users DROP COLUMN created_at;

-- Add column users.age
ALTER TABLE users ADD COLUMN age INTEGER;
