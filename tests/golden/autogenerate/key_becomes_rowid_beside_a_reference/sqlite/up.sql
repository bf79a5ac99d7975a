-- Rebuild table parts
--   change the primary key of parts
--   drop FOREIGN KEY (owner, id) REFERENCES parts of parts
-- Fails if rows don't fit: parts has the primary key (id). To find them: SELECT id, count(*) FROM parts WHERE id IS NOT NULL GROUP BY 1 HAVING count(*) > 1
-- Fails if rows don't fit: parts.id takes INTEGER alone. To find them: SELECT * FROM parts WHERE CAST(id AS INTEGER) <> id
CREATE TABLE _migrate_new_parts (
    owner INTEGER,
    id INTEGER PRIMARY KEY,
    place NUMERIC
);
INSERT INTO _migrate_new_parts (owner, id, place)
SELECT owner, id, place
FROM parts
ORDER BY rowid;
DROP TABLE parts;
ALTER TABLE _migrate_new_parts RENAME TO parts;
