-- Rebuild table nodes
--   change column nodes.label: type TEXT becomes VARCHAR(10)
CREATE TABLE _migrate_new_nodes (
    id INTEGER PRIMARY KEY,
    parent INTEGER REFERENCES nodes (id) ON DELETE CASCADE,
    label VARCHAR(10) CHECK (_migrate_new_nodes.label <> '')
);
INSERT INTO _migrate_new_nodes (id, parent, label)
SELECT id, parent, label
FROM nodes
ORDER BY rowid;
DROP TABLE nodes;
ALTER TABLE _migrate_new_nodes RENAME TO nodes;
