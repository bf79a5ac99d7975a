-- Rebuild table c
--   change column c.a: collation NOCASE becomes BINARY
--   change column c.b: collation RTRIM becomes NOCASE
-- Fails if rows don't fit: c becomes UNIQUE by b. To find them: SELECT b COLLATE NOCASE, count(*) FROM c WHERE b COLLATE NOCASE IS NOT NULL GROUP BY 1 HAVING count(*) > 1
CREATE TABLE _migrate_new_c (
    id INTEGER PRIMARY KEY,
    a TEXT,
    b TEXT UNIQUE COLLATE NOCASE
);
INSERT INTO _migrate_new_c (id, a, b)
SELECT id, a, b
FROM c
ORDER BY rowid;
DROP TABLE c;
ALTER TABLE _migrate_new_c RENAME TO c;

-- Rebuild table g
--   change column g.v: is generated as a + 1
--   change column g.s: is generated as a * 2, stored
--   change column g.q: is generated no more
--   drop column g.n
-- DESTRUCTIVE: changes column g.p: is generated as a - 1
CREATE TABLE _migrate_new_g (
    id INTEGER PRIMARY KEY,
    a INTEGER,
    v GENERATED ALWAYS AS (a + 1) VIRTUAL,
    s INTEGER GENERATED ALWAYS AS (a * 2) STORED,
    p GENERATED ALWAYS AS (a - 1) VIRTUAL,
    q INTEGER
);
INSERT INTO _migrate_new_g (id, a, q)
SELECT id, a, q
FROM g
ORDER BY rowid;
DROP TABLE g;
ALTER TABLE _migrate_new_g RENAME TO g;
