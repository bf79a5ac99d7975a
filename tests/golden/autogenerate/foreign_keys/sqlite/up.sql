-- Rebuild table actions
--   change FOREIGN KEY (p) REFERENCES p (id) ON DELETE CASCADE of actions to FOREIGN KEY (p) REFERENCES p (id) ON DELETE SET NULL ON UPDATE CASCADE
CREATE TABLE _migrate_new_actions (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p (id) ON DELETE SET NULL ON UPDATE CASCADE);
INSERT INTO _migrate_new_actions (id, p)
SELECT id, p
FROM actions
ORDER BY rowid;
DROP TABLE actions;
ALTER TABLE _migrate_new_actions RENAME TO actions;

-- Rebuild table added
--   add FOREIGN KEY (p) REFERENCES p to added
-- Fails if rows don't fit: added (p) has to refer to p. To find them: SELECT * FROM added WHERE added.p IS NOT NULL AND NOT EXISTS (SELECT 1 FROM p AS _parent WHERE _parent.id = added.p)
CREATE TABLE _migrate_new_added (id INTEGER PRIMARY KEY, p INTEGER CONSTRAINT added_p REFERENCES p (id));
INSERT INTO _migrate_new_added (id, p)
SELECT id, p
FROM added
ORDER BY rowid;
DROP TABLE added;
ALTER TABLE _migrate_new_added RENAME TO added;

-- Rebuild table deferred
--   change FOREIGN KEY (p) REFERENCES p (code) of deferred to FOREIGN KEY (p) REFERENCES p (code) DEFERRABLE INITIALLY DEFERRED
CREATE TABLE _migrate_new_deferred (id INTEGER PRIMARY KEY, p TEXT REFERENCES p (code) DEFERRABLE INITIALLY DEFERRED);
INSERT INTO _migrate_new_deferred (id, p)
SELECT id, p
FROM "deferred"
ORDER BY rowid;
DROP TABLE "deferred";
ALTER TABLE _migrate_new_deferred RENAME TO "deferred";

-- Rebuild table dropped
--   drop FOREIGN KEY (p) REFERENCES p of dropped
CREATE TABLE _migrate_new_dropped (id INTEGER PRIMARY KEY, p INTEGER);
INSERT INTO _migrate_new_dropped (id, p)
SELECT id, p
FROM dropped
ORDER BY rowid;
DROP TABLE dropped;
ALTER TABLE _migrate_new_dropped RENAME TO dropped;
