-- up

-- Create schema b
CREATE SCHEMA b;

-- Move function a.twice(integer) to schema b
ALTER FUNCTION a.twice(integer) SET SCHEMA b;

-- Move function a.of_mood(integer) to schema b
ALTER FUNCTION a.of_mood(integer) SET SCHEMA b;

-- Move enum a.mood to schema b
ALTER TYPE a.mood SET SCHEMA b;

-- Move domain a.title to schema b
ALTER DOMAIN a.title SET SCHEMA b;

-- Move composite type a.pair to schema b
ALTER TYPE a.pair SET SCHEMA b;

-- Rename composite type b.pair to couple
ALTER TYPE b.pair RENAME TO couple;

-- Move sequence a.numbers to schema b
ALTER SEQUENCE a.numbers SET SCHEMA b;

-- Move view a.v to schema b
ALTER VIEW a.v SET SCHEMA b;

-- Move materialized view a.mv to schema b
ALTER MATERIALIZED VIEW a.mv SET SCHEMA b;

-- Move statistics a.s to schema b
ALTER STATISTICS a.s SET SCHEMA b;

-- Rename function b.twice(integer) to doubled
ALTER FUNCTION b.twice(integer) RENAME TO doubled;

-- Drop schema a
DROP SCHEMA a;

-- Change function b.of_mood(integer)
CREATE OR REPLACE FUNCTION b.of_mood(x integer)
 RETURNS b.mood
 LANGUAGE sql
AS $function$ SELECT NULL::b.mood $function$;

-- down

-- Create schema a
CREATE SCHEMA a;

-- Move function b.doubled(integer) to schema a
ALTER FUNCTION b.doubled(integer) SET SCHEMA a;

-- Move function b.of_mood(integer) to schema a
ALTER FUNCTION b.of_mood(integer) SET SCHEMA a;

-- Move enum b.mood to schema a
ALTER TYPE b.mood SET SCHEMA a;

-- Move domain b.title to schema a
ALTER DOMAIN b.title SET SCHEMA a;

-- Move composite type b.couple to schema a
ALTER TYPE b.couple SET SCHEMA a;

-- Rename composite type a.couple to pair
ALTER TYPE a.couple RENAME TO pair;

-- Move sequence b.numbers to schema a
ALTER SEQUENCE b.numbers SET SCHEMA a;

-- Move view b.v to schema a
ALTER VIEW b.v SET SCHEMA a;

-- Move materialized view b.mv to schema a
ALTER MATERIALIZED VIEW b.mv SET SCHEMA a;

-- Move statistics b.s to schema a
ALTER STATISTICS b.s SET SCHEMA a;

-- Rename function a.doubled(integer) to twice
ALTER FUNCTION a.doubled(integer) RENAME TO twice;

-- Drop schema b
DROP SCHEMA b;

-- Change function a.of_mood(integer)
CREATE OR REPLACE FUNCTION a.of_mood(x integer)
 RETURNS a.mood
 LANGUAGE sql
AS $function$ SELECT NULL::a.mood $function$;
