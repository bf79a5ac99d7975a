-- Drop trigger a_b: it comes back below
DROP TRIGGER a_b;

-- Drop trigger b_a: it comes back below
DROP TRIGGER b_a;

-- Drop view w: it comes back below
DROP VIEW w;

-- Drop view v: it comes back below
DROP VIEW v;

-- Rebuild table a
--   change column a.x: type INT becomes INTEGER
CREATE TABLE _migrate_new_a (x INTEGER, y TEXT);
INSERT INTO _migrate_new_a (rowid, x, y)
SELECT rowid, x, y
FROM a
ORDER BY rowid;
DROP TABLE a;
ALTER TABLE _migrate_new_a RENAME TO a;

-- Create index a_x
CREATE UNIQUE INDEX a_x ON a (x);

-- Rebuild table b
--   change column b.x: type INT becomes INTEGER
--   change FOREIGN KEY (x) REFERENCES a (x) of b to FOREIGN KEY (x) REFERENCES a (x) ON DELETE CASCADE
CREATE TABLE _migrate_new_b (x INTEGER REFERENCES a (x) ON DELETE CASCADE, z TEXT);
INSERT INTO _migrate_new_b (rowid, x, z)
SELECT rowid, x, z
FROM b
ORDER BY rowid;
DROP TABLE b;
ALTER TABLE _migrate_new_b RENAME TO b;

-- Put view v back
CREATE VIEW v AS SELECT a.x, b.z FROM a JOIN b USING (x);

-- Put view w back
CREATE VIEW w AS SELECT * FROM v;

-- Put trigger a_b back
CREATE TRIGGER a_b AFTER INSERT ON a BEGIN INSERT INTO b VALUES (NEW.x, 'a'); END;

-- Put trigger b_a back
CREATE TRIGGER b_a AFTER INSERT ON b BEGIN UPDATE a SET y = NEW.z WHERE x = NEW.x; END;

-- Put trigger w_insert back
CREATE TRIGGER w_insert INSTEAD OF INSERT ON w BEGIN INSERT INTO a (x) VALUES (NEW.x); END;
