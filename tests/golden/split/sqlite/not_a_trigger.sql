CREATE TABLE trigger (begin TEXT, temp TEXT);
CREATE TABLE IF NOT EXISTS "trigger" (a);
CREATE TEMP TABLE temp (trigger);
CREATE INDEX begin ON trigger (begin);
CREATE VIEW temporary AS SELECT begin AS trigger FROM trigger;
DROP TRIGGER IF EXISTS trigger;
SELECT 1 AS trigger; EXPLAIN SELECT @create trigger; SELECT 2;
