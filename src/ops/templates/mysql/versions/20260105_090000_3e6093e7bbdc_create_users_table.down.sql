-- create users table (down)

-- The keys and the trigger go with the table.
DROP TABLE users;
