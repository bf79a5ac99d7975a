-- Drop trigger orders_insert: it comes back below
DROP TRIGGER orders_insert;

-- Drop view adult_orders: it comes back below
DROP VIEW adult_orders;

-- Drop view adults: it comes back below
DROP VIEW adults;

-- Rebuild table users
--   change column users.name: may be NULL, default 'nobody' becomes none
--   change column users.age: type INTEGER becomes TEXT, default 0 becomes '0'
CREATE TABLE _migrate_new_users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT,
    age TEXT DEFAULT '0'
);
INSERT INTO _migrate_new_users (id, name, age)
SELECT id, name, age
FROM users
ORDER BY rowid;
DELETE FROM sqlite_sequence WHERE name = '_migrate_new_users';
INSERT INTO sqlite_sequence (name, seq)
SELECT '_migrate_new_users', seq FROM sqlite_sequence WHERE name = 'users';
DROP TABLE users;
ALTER TABLE _migrate_new_users RENAME TO users;

-- Create index users_name
CREATE UNIQUE INDEX users_name ON users (lower(name)) WHERE name IS NOT NULL;

-- Put view adults back
CREATE VIEW adults AS SELECT id, name FROM users WHERE age >= 18;

-- Put view adult_orders back
CREATE VIEW adult_orders AS SELECT o.id FROM orders AS o JOIN adults AS a ON a.id = o.user_id;

-- Put trigger orders_insert back
CREATE TRIGGER orders_insert AFTER INSERT ON orders BEGIN
    UPDATE users SET age = age + 1 WHERE id = NEW.user_id;
END;

-- Put trigger users_delete back
CREATE TRIGGER users_delete AFTER DELETE ON users BEGIN
    DELETE FROM orders WHERE user_id = OLD.id;
END;
