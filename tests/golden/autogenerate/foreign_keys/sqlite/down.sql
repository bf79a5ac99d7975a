-- Rebuild table actions
--   drop the foreign key of actions (p) to p
--   add a foreign key from actions (p) to p
CREATE TABLE _migrate_new_actions (
    id INTEGER PRIMARY KEY,
    p INTEGER REFERENCES p (id) ON DELETE CASCADE
);
INSERT INTO _migrate_new_actions (id, p)
SELECT id, p
FROM actions
ORDER BY rowid;
DROP TABLE actions;
ALTER TABLE _migrate_new_actions RENAME TO actions;

-- Rebuild table added
--   drop the foreign key of added (p) to p
CREATE TABLE _migrate_new_added (
    id INTEGER PRIMARY KEY,
    p INTEGER
);
INSERT INTO _migrate_new_added (id, p)
SELECT id, p
FROM added
ORDER BY rowid;
DROP TABLE added;
ALTER TABLE _migrate_new_added RENAME TO added;

-- Rebuild table deferred
--   drop the foreign key of deferred (p) to p
--   add a foreign key from deferred (p) to p
CREATE TABLE _migrate_new_deferred (
    id INTEGER PRIMARY KEY,
    p TEXT REFERENCES p (code)
);
INSERT INTO _migrate_new_deferred (id, p)
SELECT id, p
FROM "deferred"
ORDER BY rowid;
DROP TABLE "deferred";
ALTER TABLE _migrate_new_deferred RENAME TO "deferred";

-- Rebuild table dropped
--   add a foreign key from dropped (p) to p
CREATE TABLE _migrate_new_dropped (
    id INTEGER PRIMARY KEY,
    p INTEGER REFERENCES p (id)
);
INSERT INTO _migrate_new_dropped (id, p)
SELECT id, p
FROM dropped
ORDER BY rowid;
DROP TABLE dropped;
ALTER TABLE _migrate_new_dropped RENAME TO dropped;
