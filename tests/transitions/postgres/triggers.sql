-- Triggers, rules, event triggers.

-- case: triggers of all kinds are created
-- both
CREATE TABLE t (a integer, b text);
CREATE VIEW v AS SELECT a FROM t;
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
-- after
CREATE TRIGGER g1 BEFORE INSERT OR UPDATE OF a, b OR DELETE ON t FOR EACH ROW EXECUTE FUNCTION noted();
CREATE TRIGGER g2 AFTER TRUNCATE ON t EXECUTE FUNCTION noted('x', 'it''s', '2');
CREATE TRIGGER g3 AFTER UPDATE ON t FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION noted();
CREATE TRIGGER g4 AFTER INSERT ON t REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION noted();
CREATE TRIGGER g5 INSTEAD OF UPDATE ON v FOR EACH ROW EXECUTE FUNCTION noted();
CREATE CONSTRAINT TRIGGER g6 AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION noted();
COMMENT ON TRIGGER g1 ON t IS 'said';

-- case: triggers are dropped with their function
-- both
CREATE TABLE t (a integer, b text);
-- before
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER g1 BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION noted();
CREATE CONSTRAINT TRIGGER g2 AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION noted();

-- case: a trigger fires at another time
-- both
CREATE TABLE t (a integer, b text);
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
-- before
CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION noted();
-- after
CREATE TRIGGER g AFTER INSERT OR UPDATE ON t FOR EACH ROW WHEN (NEW.a > 1) EXECUTE FUNCTION noted();

-- case: a trigger calls another function
-- both
CREATE TABLE t (a integer, b text);
-- before
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION noted();
-- after
CREATE FUNCTION marked() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION marked('arg');

-- case: a constraint trigger changes
-- both
CREATE TABLE t (a integer, b text);
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
-- before
CREATE CONSTRAINT TRIGGER g AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION noted();
-- after
CREATE CONSTRAINT TRIGGER g AFTER INSERT ON t DEFERRABLE FOR EACH ROW EXECUTE FUNCTION noted();

-- case: triggers are disabled and enabled
-- both
CREATE TABLE t (a integer, b text);
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER g1 BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION noted();
CREATE TRIGGER g2 BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION noted();
CREATE TRIGGER g3 BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION noted();
-- before
ALTER TABLE t DISABLE TRIGGER g1, ENABLE ALWAYS TRIGGER g3;
-- after
ALTER TABLE t DISABLE TRIGGER g2, ENABLE REPLICA TRIGGER g3;

-- case: a disabled trigger is created
-- both
CREATE TABLE t (a integer, b text);
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
-- after
CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION noted();
ALTER TABLE t DISABLE TRIGGER g;

-- case: a trigger with a comment is changed and stays disabled
-- both
CREATE TABLE t (a integer, b text);
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
-- before
CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION noted();
-- after
CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION noted();
-- both
ALTER TABLE t DISABLE TRIGGER g;
COMMENT ON TRIGGER g ON t IS 'said';

-- case: a trigger watches a column that comes
-- before
CREATE TABLE t (a integer);
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
-- after
CREATE TABLE t (a integer, b text);
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER g AFTER UPDATE OF b ON t FOR EACH ROW WHEN (NEW.b <> OLD.b) EXECUTE FUNCTION noted();

-- case: a trigger's condition calls a function
-- from: 14
-- before
CREATE TABLE t (a integer);
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
-- after
CREATE TABLE t (a integer);
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE FUNCTION zoned(integer) RETURNS boolean LANGUAGE sql RETURN $1 > 0;
CREATE TRIGGER g AFTER UPDATE ON t FOR EACH ROW WHEN (zoned(NEW.a)) EXECUTE FUNCTION noted();

-- case: rules of all kinds are created
-- both
CREATE TABLE t (a integer, b text);
CREATE TABLE log (a integer);
CREATE VIEW v AS SELECT a FROM t;
-- after
CREATE RULE r1 AS ON INSERT TO v DO INSTEAD INSERT INTO t (a) VALUES (NEW.a) RETURNING t.a;
CREATE RULE r2 AS ON UPDATE TO t WHERE NEW.a > 5 DO ALSO (INSERT INTO log VALUES (NEW.a); INSERT INTO log VALUES (OLD.a));
CREATE RULE r3 AS ON DELETE TO t DO INSTEAD NOTHING;
COMMENT ON RULE r3 ON t IS 'nothing goes';

-- case: a rule changes
-- both
CREATE TABLE t (a integer, b text);
CREATE TABLE log (a integer);
-- before
CREATE RULE r AS ON UPDATE TO t DO ALSO INSERT INTO log VALUES (NEW.a);
-- after
CREATE RULE r AS ON INSERT TO t DO ALSO INSERT INTO log VALUES (NEW.a);

-- case: a rule is disabled
-- both
CREATE TABLE t (a integer, b text);
CREATE RULE r1 AS ON DELETE TO t DO INSTEAD NOTHING;
CREATE RULE r2 AS ON UPDATE TO t DO INSTEAD NOTHING;
-- before
ALTER TABLE t ENABLE ALWAYS RULE r2;
-- after
ALTER TABLE t DISABLE RULE r1;

-- case: a rule goes with the table that it writes to
-- both
CREATE TABLE t (a integer, b text);
-- before
CREATE TABLE log (a integer);
CREATE RULE r AS ON UPDATE TO t DO ALSO INSERT INTO log VALUES (NEW.a);

-- case: an event trigger is created
-- after
CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN NULL; END $$;
CREATE EVENT TRIGGER watch_all ON ddl_command_end EXECUTE FUNCTION watch();
CREATE EVENT TRIGGER watch_some ON ddl_command_start WHEN TAG IN ('CREATE TABLE', 'DROP TABLE') EXECUTE FUNCTION watch();
COMMENT ON EVENT TRIGGER watch_all IS 'said';

-- case: an event trigger changes
-- both
CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN NULL; END $$;
-- before
CREATE EVENT TRIGGER w1 ON ddl_command_end EXECUTE FUNCTION watch();
CREATE EVENT TRIGGER w2 ON sql_drop EXECUTE FUNCTION watch();
-- after
CREATE EVENT TRIGGER w1 ON ddl_command_end WHEN TAG IN ('CREATE INDEX') EXECUTE FUNCTION watch();
CREATE EVENT TRIGGER w2 ON sql_drop EXECUTE FUNCTION watch();
ALTER EVENT TRIGGER w2 DISABLE;

-- case: an event trigger goes with its function
-- before
CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN NULL; END $$;
CREATE EVENT TRIGGER w1 ON ddl_command_end EXECUTE FUNCTION watch();
CREATE TABLE t (a integer);
-- after
CREATE TABLE t (a bigint);

-- case: a trigger moves to another table
-- both
CREATE TABLE t (a integer);
CREATE TABLE u (a integer);
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
-- before
CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION noted();
-- after
CREATE TRIGGER g BEFORE INSERT ON u FOR EACH ROW EXECUTE FUNCTION noted();
