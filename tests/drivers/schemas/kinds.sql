CREATE SCHEMA zoo;
COMMENT ON SCHEMA zoo IS 'of the application';
CREATE EXTENSION citext SCHEMA zoo;
CREATE COLLATION zoo.german (PROVIDER = icu, LOCALE = 'de-u-co-phonebk', DETERMINISTIC = false);
CREATE COLLATION plain (PROVIDER = libc, LOCALE = 'C');
CREATE TYPE mood AS ENUM ('sad, so', 'ok', 'it''s "fine"');
COMMENT ON TYPE mood IS 'how one feels';
CREATE DOMAIN zoo.amount AS numeric(10, 2) DEFAULT 0 NOT NULL
    CONSTRAINT positive CHECK (VALUE >= 0) CHECK (VALUE < 1000000);
CREATE DOMAIN word AS text COLLATE "C";
CREATE TYPE pair AS (one integer, "Two" text COLLATE "C", moods mood[]);
COMMENT ON COLUMN pair."Two" IS 'the second';
CREATE FUNCTION zoo.distance(a numeric, b numeric) RETURNS double precision
    LANGUAGE sql IMMUTABLE AS 'SELECT (a - b)::double precision';
CREATE TYPE span AS RANGE (SUBTYPE = numeric, SUBTYPE_DIFF = zoo.distance, MULTIRANGE_TYPE_NAME = zoo.spans);
CREATE SEQUENCE zoo.numbers AS integer INCREMENT BY 2 MINVALUE 10 MAXVALUE 99 START WITH 12 CACHE 3 CYCLE;

CREATE FUNCTION zoo.next_number(step integer DEFAULT 1, OUT n bigint) LANGUAGE sql
    AS 'SELECT nextval(''zoo.numbers'') * step';
CREATE TABLE owners (
    id serial PRIMARY KEY,
    name varchar(40) NOT NULL COLLATE "C" UNIQUE,
    feeling mood DEFAULT 'ok',
    since timestamptz DEFAULT '2020-01-01 00:00:00+00',
    number bigint DEFAULT zoo.next_number(),
    CONSTRAINT named CHECK (name IN ('a', 'b') OR id > 1) NO INHERIT
);
COMMENT ON TABLE owners IS E'two\r\nlines';
COMMENT ON COLUMN owners.name IS 'the name';
COMMENT ON CONSTRAINT named ON owners IS 'of names';
CREATE UNLOGGED TABLE zoo."Pets" (
    id bigint GENERATED ALWAYS AS IDENTITY (START WITH 7),
    "the owner" integer NOT NULL,
    price zoo.amount,
    twice numeric GENERATED ALWAYS AS ((price)::numeric * 2) STORED,
    tags public.word[],
    nick zoo.citext,
    nicks zoo.citext[],
    span span,
    owner_row owners,
    body text,
    PRIMARY KEY (id) WITH (fillfactor = 70),
    CONSTRAINT no_overlap EXCLUDE USING gist (span WITH &&),
    CONSTRAINT owned FOREIGN KEY ("the owner") REFERENCES owners (id) ON DELETE CASCADE DEFERRABLE
) WITH (fillfactor = 80, toast.autovacuum_enabled = off);
ALTER TABLE zoo."Pets" ADD CONSTRAINT cheap CHECK (price < 100) NOT VALID;
ALTER TABLE zoo."Pets" ALTER body SET STORAGE EXTERNAL, ALTER body SET STATISTICS 50,
    ALTER body SET (n_distinct = 5);
ALTER TABLE zoo."Pets" REPLICA IDENTITY FULL;
CREATE UNIQUE INDEX pets_nick ON zoo."Pets" (lower(nick::text), "the owner" DESC) INCLUDE (price) WHERE price > 1;
ALTER INDEX zoo.pets_nick ALTER COLUMN 1 SET STATISTICS 30;
CREATE STATISTICS zoo.pet_numbers (ndistinct) ON id, price FROM zoo."Pets";
ALTER STATISTICS zoo.pet_numbers SET STATISTICS 20;

CREATE VIEW pet_owners WITH (security_barrier) AS SELECT o.name, p.nick, o.name COLLATE "de-x-icu" AS g,
    span(1, o.id) AS known
    FROM owners o JOIN zoo."Pets" p ON p."the owner" = o.id;
COMMENT ON COLUMN pet_owners.nick IS 'of the pet';
CREATE MATERIALIZED VIEW zoo.counts AS SELECT p.name, count(*) AS n FROM pet_owners p, owners o GROUP BY p.name WITH NO DATA;
CREATE INDEX counts_name ON zoo.counts (name);
CREATE FUNCTION pets_of(owners) RETURNS SETOF pet_owners LANGUAGE plpgsql STABLE
    AS E'BEGIN\r\n  RETURN; END';
CREATE FUNCTION zoo.counted() RETURNS bigint BEGIN ATOMIC SELECT count(*) FROM owners o, pet_owners p WHERE o.feeling = 'ok'; END;
CREATE PROCEDURE zoo.tidy(INOUT a integer) LANGUAGE plpgsql AS 'BEGIN a := 1; END';
CREATE FUNCTION zoo.add_up(numeric, numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT $1 + $2';
CREATE AGGREGATE zoo.total(numeric) (SFUNC = zoo.add_up, STYPE = numeric, INITCOND = '0', PARALLEL = SAFE,
    MSFUNC = zoo.add_up, MINVFUNC = zoo.add_up, MSTYPE = numeric, MINITCOND = '1');
CREATE FUNCTION zoo.touched() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER touch BEFORE UPDATE OF name ON owners FOR EACH ROW
    WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION zoo.touched();
ALTER TABLE owners DISABLE TRIGGER touch;
CREATE CONSTRAINT TRIGGER later AFTER INSERT ON zoo."Pets" DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION zoo.touched();
CREATE RULE quiet AS ON DELETE TO owners DO INSTEAD NOTHING;
ALTER TABLE owners ENABLE ROW LEVEL SECURITY;
ALTER TABLE owners FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON owners AS RESTRICTIVE FOR UPDATE TO PUBLIC
    USING (number = zoo.next_number()) WITH CHECK (id > 0);

CREATE TABLE zoo.events (id integer NOT NULL, at date NOT NULL, note text DEFAULT 'none', PRIMARY KEY (id, at))
    PARTITION BY RANGE (at);
CREATE INDEX events_note ON zoo.events (note);
CREATE TABLE zoo.events_2020 PARTITION OF zoo.events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE zoo.events_rest PARTITION OF zoo.events DEFAULT;
CREATE INDEX own_note ON zoo.events_2020 (lower(note));
CREATE TRIGGER noted AFTER INSERT ON zoo.events FOR EACH ROW EXECUTE FUNCTION zoo.touched();
CREATE TABLE base (a integer CHECK (a > 0), b text);
CREATE TABLE derived (c integer) INHERITS (base);
CREATE TABLE pairs OF pair (PRIMARY KEY (one));
ALTER TABLE pairs CLUSTER ON pairs_pkey;
COMMENT ON INDEX pairs_pkey IS 'of ones';
ALTER VIEW pet_owners ALTER nick SET DEFAULT 'none';
