-- Drop view other
DROP VIEW other;

-- Drop index name
DROP INDEX name;

-- Drop table thing
-- DESTRUCTIVE: drops table thing with its rows
DROP TABLE thing;

-- Create table name
CREATE TABLE name (a TEXT);

-- Create index thing2
CREATE INDEX thing2 ON name (a);

-- Create table other
CREATE TABLE other (a TEXT);

-- Create view thing
CREATE VIEW thing AS SELECT 1 AS a;
