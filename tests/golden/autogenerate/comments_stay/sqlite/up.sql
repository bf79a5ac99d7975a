-- Rename column t.old to fresh
ALTER TABLE t RENAME COLUMN old TO fresh;

-- Rebuild table t
--   change column t.b: type INT becomes BIGINT
CREATE TABLE _migrate_new_t (
    id INTEGER PRIMARY KEY, -- the key
    fresh TEXT, -- what it is called
    /* a number;
       big */
    b BIGINT
);
INSERT INTO _migrate_new_t (id, fresh, b)
SELECT id, fresh, b
FROM t
ORDER BY rowid;
DROP TABLE t;
ALTER TABLE _migrate_new_t RENAME TO t;

-- Create view v
CREATE VIEW v AS
    -- only the big ones
    SELECT * FROM t WHERE b > 100;
