-- Rebuild table t
--   add column t.b
--   t.b of rows that are there becomes coalesce(a, 'none')
CREATE TABLE _migrate_new_t (
    id INTEGER PRIMARY KEY,
    a TEXT,
    b TEXT NOT NULL
);
INSERT INTO _migrate_new_t (id, a, b)
SELECT id, a, coalesce(a, 'none')
FROM t
ORDER BY rowid;
DROP TABLE t;
ALTER TABLE _migrate_new_t RENAME TO t;

-- Put trigger t_touch back
CREATE TRIGGER t_touch AFTER UPDATE ON t BEGIN
    UPDATE t SET a = 'touched' WHERE id = NEW.id;
END;
