-- Drop view my view: it comes back below
DROP VIEW "my view";

-- Rebuild table order
--   change column order.e'f: type BLOB becomes TEXT
-- DESTRUCTIVE: changes column order.a b: type TEXT becomes INTEGER
-- DESTRUCTIVE: drops column order.ü with its values
CREATE TABLE _migrate_new_order_2 (
    "select" TEXT,
    "a b" INTEGER,
    "c""d" TEXT,
    "e'f" TEXT,
    rowid TEXT
);
INSERT INTO _migrate_new_order_2 (_rowid_, "select", "a b", "c""d", "e'f", rowid)
SELECT _rowid_, "select", "a b", "c""d", "e'f", rowid
FROM "order"
ORDER BY _rowid_;
DROP TABLE "order";
ALTER TABLE _migrate_new_order_2 RENAME TO "order";

-- Create index weird -- index
CREATE INDEX "weird -- index" ON "order" ("a b");

-- Put view my view back
CREATE VIEW "my view" AS SELECT "select" FROM "order";
