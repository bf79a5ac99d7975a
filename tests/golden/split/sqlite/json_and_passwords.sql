CREATE TABLE secret (name TEXT, value TEXT);
INSERT INTO secret VALUES ('bcrypt', '$2a$10$abc;def'), ('json', '{"a": "b;c", "d": ["e''f"]}');
UPDATE secret SET value = json_set(value, '$.a', ';') WHERE json_valid(value) AND value ->> '$.a' = 'b;c';
