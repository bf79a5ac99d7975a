-- Rebuild table nodes
--   change column nodes.label: type VARCHAR(10) becomes TEXT
CREATE TABLE _migrate_new_nodes (
    id INTEGER PRIMARY KEY,
    parent INTEGER REFERENCES nodes (id) ON DELETE CASCADE,
    label TEXT CHECK (_migrate_new_nodes.label <> '')
);
INSERT INTO _migrate_new_nodes (id, parent, label)
SELECT id, parent, label
FROM nodes
ORDER BY rowid;
DROP TABLE nodes;
ALTER TABLE _migrate_new_nodes RENAME TO nodes;
