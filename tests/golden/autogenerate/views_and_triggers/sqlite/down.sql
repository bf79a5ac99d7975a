-- Drop trigger changed: it is made anew below
DROP TRIGGER changed;

-- Drop view another
DROP VIEW another;

-- Drop view top: it comes back below
DROP VIEW top;

-- Drop view chain: it comes back below
DROP VIEW chain;

-- Drop view base: it is made anew below
DROP VIEW base;

-- Create view base
CREATE VIEW base AS SELECT a, b FROM t;

-- Put view chain back
CREATE VIEW chain AS SELECT a FROM base;

-- Create view gone
CREATE VIEW gone AS SELECT a FROM t;

-- Put view top back
CREATE VIEW top AS SELECT a FROM chain;

-- Create trigger changed
CREATE TRIGGER changed AFTER INSERT ON t BEGIN UPDATE t SET b = 1; END;

-- Create trigger gone_trigger
CREATE TRIGGER gone_trigger AFTER DELETE ON t BEGIN SELECT 1; END;

-- Put trigger top_insert back
CREATE TRIGGER top_insert INSTEAD OF INSERT ON top BEGIN INSERT INTO t (a) VALUES (NEW.a); END;
