CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL DEFAULT 'nobody',
    age INTEGER DEFAULT 0
);
CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX users_name ON users (lower(name)) WHERE name IS NOT NULL;
CREATE VIEW adults AS SELECT id, name FROM users WHERE age >= 18;
CREATE VIEW adult_orders AS SELECT o.id FROM orders AS o JOIN adults AS a ON a.id = o.user_id;
CREATE TRIGGER orders_insert AFTER INSERT ON orders BEGIN
    UPDATE users SET age = age + 1 WHERE id = NEW.user_id;
END;
CREATE TRIGGER users_delete AFTER DELETE ON users BEGIN
    DELETE FROM orders WHERE user_id = OLD.id;
END;
