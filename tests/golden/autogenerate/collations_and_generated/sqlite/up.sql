-- Rebuild table c
--   change column c.a: collation BINARY becomes NOCASE
--   change column c.b: collation NOCASE becomes RTRIM
-- Fails if rows don't fit: c becomes UNIQUE by b. To find them: SELECT b COLLATE RTRIM, count(*) FROM c WHERE b COLLATE RTRIM IS NOT NULL GROUP BY 1 HAVING count(*) > 1
CREATE TABLE _migrate_new_c (id INTEGER PRIMARY KEY, a TEXT COLLATE NOCASE, b TEXT COLLATE RTRIM UNIQUE);
INSERT INTO _migrate_new_c (id, a, b)
SELECT id, a, b
FROM c
ORDER BY rowid;
DROP TABLE c;
ALTER TABLE _migrate_new_c RENAME TO c;

-- Rebuild table g
--   change column g.v: is generated as a + 2
--   change column g.s: is generated as a * 2
--   change column g.p: is generated no more
--   add column g.n
-- DESTRUCTIVE: changes column g.q: is generated as a, stored
CREATE TABLE _migrate_new_g (id INTEGER PRIMARY KEY, a INTEGER, v AS (a + 2), s INTEGER AS (a * 2) VIRTUAL, p, q INTEGER AS (a) STORED, n AS (id));
INSERT INTO _migrate_new_g (id, a, p)
SELECT id, a, p
FROM g
ORDER BY rowid;
DROP TABLE g;
ALTER TABLE _migrate_new_g RENAME TO g;
