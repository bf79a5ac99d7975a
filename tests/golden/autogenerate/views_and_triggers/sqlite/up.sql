-- Drop trigger changed: it is made anew below
DROP TRIGGER changed;

-- Drop trigger gone_trigger
DROP TRIGGER gone_trigger;

-- Drop view top: it comes back below
DROP VIEW top;

-- Drop view gone
DROP VIEW gone;

-- Drop view chain: it comes back below
DROP VIEW chain;

-- Drop view base: it is made anew below
DROP VIEW base;

-- Create view base
CREATE VIEW base AS SELECT a, b AS b2 FROM t;

-- Put view chain back
CREATE VIEW chain AS SELECT a FROM base;

-- Put view top back
CREATE VIEW top AS SELECT a FROM chain;

-- Create view another
CREATE VIEW another AS SELECT a FROM top;

-- Create trigger changed
CREATE TRIGGER changed AFTER INSERT ON t WHEN NEW.a > 0 BEGIN UPDATE t SET b = 2; END;

-- Put trigger top_insert back
CREATE TRIGGER top_insert INSTEAD OF INSERT ON top BEGIN INSERT INTO t (a) VALUES (NEW.a); END;
