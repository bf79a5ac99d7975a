-- Drop view thing
DROP VIEW thing;

-- Drop table other
-- DESTRUCTIVE: drops table other with its rows
DROP TABLE other;

-- Drop table name
-- DESTRUCTIVE: drops table name with its rows
DROP TABLE name;

-- Create table thing
CREATE TABLE thing (
    a TEXT
);

-- Create index name
CREATE INDEX name ON t (a);

-- Create view other
CREATE VIEW other AS SELECT 1 AS a;
