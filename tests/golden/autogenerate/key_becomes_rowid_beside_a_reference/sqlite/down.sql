-- Rebuild table parts
--   change the primary key of parts
--   add FOREIGN KEY (owner, id) REFERENCES parts to parts
-- Fails if rows don't fit: parts (owner, id) has to refer to parts. To find them: SELECT * FROM parts WHERE parts.owner IS NOT NULL AND parts.id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM parts AS _parent WHERE _parent.id = parts.owner AND _parent.place = parts.id)
CREATE TABLE _migrate_new_parts (
    owner INTEGER,
    id INTEGER,
    place NUMERIC,
    PRIMARY KEY (id, place),
    FOREIGN KEY (owner, id) REFERENCES parts (id, place)
);
INSERT INTO _migrate_new_parts (rowid, owner, id, place)
SELECT rowid, owner, id, place
FROM parts
ORDER BY rowid;
DROP TABLE parts;
ALTER TABLE _migrate_new_parts RENAME TO parts;
