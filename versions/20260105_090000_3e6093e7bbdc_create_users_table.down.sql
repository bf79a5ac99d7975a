-- create users table (down)

-- The indexes and the trigger go with the table.
DROP TABLE users;
