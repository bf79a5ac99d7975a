CREATE TABLE t (
    id INTEGER PRIMARY KEY,
    a TEXT,
    -- backfill: coalesce(a, 'none')
    b TEXT NOT NULL
);
CREATE TRIGGER t_touch AFTER UPDATE ON t BEGIN
    UPDATE t SET a = 'touched' WHERE id = NEW.id;
END;
