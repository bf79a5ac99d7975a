-- up

-- Create schema app
CREATE SCHEMA app;

-- Create schema base
CREATE SCHEMA base;

-- Create enum base.mood
CREATE TYPE base.mood AS ENUM ('sad', 'glad');

-- Create function base.twice(integer)
CREATE OR REPLACE FUNCTION base.twice(integer)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
RETURN ($1 * 2);

-- Create sequence base.numbers
CREATE SEQUENCE base.numbers;

-- Create table base.parent
CREATE TABLE base.parent (
    id integer NOT NULL DEFAULT nextval('base.numbers'::regclass),
    CONSTRAINT parent_pkey PRIMARY KEY (id)
);

-- Create table app.child
CREATE TABLE app.child (
    id integer,
    m base.mood DEFAULT 'sad'::base.mood,
    n integer GENERATED ALWAYS AS (base.twice(id)) STORED,
    CONSTRAINT child_id_fkey FOREIGN KEY (id) REFERENCES base.parent(id)
);

-- Create index app.child_n
CREATE INDEX child_n ON app.child USING btree (base.twice(n));

-- Create view v
CREATE VIEW public.v AS
SELECT c.m,
    base.twice(c.id) AS twice
   FROM app.child c;

-- down

-- Drop view v
DROP VIEW public.v;

-- Drop table app.child
-- DESTRUCTIVE: drops table app.child with its rows
DROP TABLE app.child;

-- Drop table base.parent
-- DESTRUCTIVE: drops table base.parent with its rows
DROP TABLE base.parent;

-- Drop sequence base.numbers
-- DESTRUCTIVE: drops sequence base.numbers with its number
DROP SEQUENCE base.numbers;

-- Drop function base.twice(integer)
DROP FUNCTION base.twice(integer);

-- Drop enum base.mood
DROP TYPE base.mood;

-- Drop schema app
DROP SCHEMA app;

-- Drop schema base
DROP SCHEMA base;
