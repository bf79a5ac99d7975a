-- Names that have to be quoted, are words of SQL, or are as long as they can be.

-- case: words of SQL as names
-- before
CREATE TABLE "table" ("select" integer PRIMARY KEY, "user" text);
-- after
CREATE TABLE "table" ("select" bigint PRIMARY KEY, "user" text NOT NULL DEFAULT 'x', "order" integer CHECK ("order" > 0));
CREATE INDEX "index" ON "table" ("user", "order" DESC);
CREATE VIEW "view" AS SELECT "select", "user" AS "from" FROM "table";

-- case: names with capitals, blanks, quotes and dots
-- before
CREATE TABLE "Ein Tisch" ("Spalte 1" integer, "a.b" text, "q""q" text);
-- after
CREATE TABLE "Ein Tisch" ("Spalte 1" bigint CONSTRAINT "Die Regel" CHECK ("Spalte 1" > 0), "a.b" varchar(9), "q""q" text UNIQUE, "it's" text DEFAULT '');
CREATE INDEX "Der Index" ON "Ein Tisch" ("a.b", lower("q""q"));
COMMENT ON COLUMN "Ein Tisch"."it's" IS 'said';

-- case: names in other letters
-- before
CREATE TABLE "Größe" (straße text, "🐘" integer);
-- after
CREATE TABLE "Größe" (straße text NOT NULL, "🐘" integer UNIQUE);
CREATE VIEW übersicht AS SELECT straße FROM "Größe";

-- case: names that differ in case only
-- before
CREATE TABLE t (a integer, "A" text);
CREATE TABLE "T" (a integer);
-- after
CREATE TABLE t (a bigint, "A" varchar(5));
CREATE TABLE "T" (a integer, "A" integer);

-- case: names of sixty-three bytes
-- before
CREATE TABLE aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggg (aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggg serial);
-- after
CREATE TABLE aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggg (aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggg bigserial PRIMARY KEY, b integer UNIQUE);

-- case: a long name of an enum that loses a value
-- before
CREATE TYPE aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggg AS ENUM ('a', 'b', 'c');
CREATE TABLE t (m aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggg);
-- after
CREATE TYPE aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggg AS ENUM ('a', 'b');
CREATE TABLE t (m aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggg);

-- case: an identity in a table whose name is long and quoted
-- before
CREATE TABLE "Aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff gg" ("Id" serial PRIMARY KEY);
-- after
CREATE TABLE "Aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff gg" ("Id" integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY);

-- case: names that the server would give, given by hand
-- before
CREATE TABLE t (a integer, b integer, CONSTRAINT t_a_check CHECK (b > 0), CONSTRAINT t_a_key UNIQUE (b));
-- after
CREATE TABLE t (a integer CHECK (a > 0) UNIQUE, b integer, CONSTRAINT t_b_check CHECK (b > 0), CONSTRAINT t_b_key UNIQUE (b));

-- case: constraints that the server numbers
-- before
CREATE TABLE t (a integer CHECK (a > 0) CHECK (a < 9), b integer);
-- after
CREATE TABLE t (a integer CHECK (a > 0) CHECK (a < 8) CHECK (a <> 5), b integer);

-- case: sequences of odd names
-- before
CREATE TABLE "My Table" ("My Id" serial PRIMARY KEY);
-- after
CREATE TABLE "My Table" ("My Id" bigserial PRIMARY KEY, "Next" integer DEFAULT nextval('"My Table_My Id_seq"'));

-- case: functions, triggers and policies of odd names
-- both
CREATE TABLE "T t" ("A" integer, "B" text);
-- after
CREATE FUNCTION "Do It"("The Arg" integer DEFAULT 1) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION "Note It"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER "On It" BEFORE UPDATE OF "B" ON "T t" FOR EACH ROW WHEN (NEW."A" > 0) EXECUTE FUNCTION "Note It"();
CREATE POLICY "See It" ON "T t" USING ("A" > 0);
CREATE RULE "Rule It" AS ON DELETE TO "T t" DO INSTEAD NOTHING;
CREATE STATISTICS "Count It" ON "A", "B" FROM "T t";
ALTER TABLE "T t" DISABLE TRIGGER "On It";
COMMENT ON TRIGGER "On It" ON "T t" IS 'said';

-- case: domains and types of odd names
-- before
CREATE DOMAIN "A Domain" AS integer CONSTRAINT "A Check" CHECK (VALUE > 0);
CREATE TYPE "A Type" AS ("An Attribute" integer);
CREATE TABLE t (a "A Domain", b "A Type");
-- after
CREATE DOMAIN "A Domain" AS integer DEFAULT 5 CONSTRAINT "A Check" CHECK (VALUE > 1) CONSTRAINT "B Check" CHECK (VALUE < 9);
CREATE TYPE "A Type" AS ("An Attribute" integer, "Another" text);
CREATE TABLE t (a "A Domain", b "A Type");

-- case: names like those of the server's own types and functions
-- before
CREATE TABLE "text" ("integer" integer, "boolean" boolean);
CREATE FUNCTION lower(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
-- after
CREATE TABLE "text" ("integer" bigint, "boolean" boolean, "char" "char", now timestamptz DEFAULT now());
CREATE FUNCTION lower(integer) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';
CREATE INDEX "timestamp" ON "text" (pg_catalog.abs("integer"));

-- case: a table with the name of a table of the server
-- before
CREATE TABLE pg_note (a integer);
CREATE TABLE public.pg_class (a integer);
-- after
CREATE TABLE pg_note (a bigint);
CREATE TABLE public.pg_class (a integer, b integer);
CREATE VIEW public.v AS SELECT a FROM public.pg_class;
