CREATE TABLE "order" ("select" TEXT, "a b" INTEGER, [c"d] TEXT, 'e''f' TEXT, rowid TEXT);
CREATE INDEX "weird -- index" ON "order" ("a b");
CREATE VIEW "my view" AS SELECT "select" FROM "order";
CREATE TABLE _migrate_new_order (a);
