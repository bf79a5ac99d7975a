-- Drop column users.boss
-- DESTRUCTIVE: drops column users.boss with its values
ALTER TABLE users DROP COLUMN boss;

-- Drop column users.age
-- DESTRUCTIVE: drops column users.age with its values
ALTER TABLE users DROP COLUMN age;

-- Drop column users.shout
ALTER TABLE users DROP COLUMN shout;
