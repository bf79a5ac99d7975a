-- create users table (down)

-- The index and the trigger go with the table; the function does not.
DROP TABLE users;
DROP FUNCTION users_touch();
