-- Changes of tables whose rows are hard to make: each case is proven with some.

-- case: rows that match patterns and lengths change their types
-- before
CREATE TABLE person (
    id integer PRIMARY KEY,
    mail text NOT NULL CHECK (mail ~ '^[^@[:space:]]+@[^@]+\.[a-z]{2,}$'),
    code varchar(8) CHECK (code LIKE 'A-___' OR length(code) = 8),
    size text CHECK (size IN ('s', 'm', 'l')),
    age smallint CHECK (age BETWEEN 18 AND 150)
);
-- after
CREATE TABLE person (
    id bigint PRIMARY KEY,
    mail varchar(60) NOT NULL CHECK (mail ~ '^[^@[:space:]]+@[^@]+\.[a-z]{2,}$'),
    code text CHECK (code LIKE 'A-___' OR length(code) = 8),
    size "char" CHECK (size IN ('s', 'm', 'l')),
    age integer CHECK (age BETWEEN 21 AND 99)
);

-- case: a check over columns is added to rows that may break it
-- before
CREATE TABLE term (id integer PRIMARY KEY, starts date, ends date, open boolean NOT NULL);
-- after
CREATE TABLE term (
    id integer PRIMARY KEY, starts date, ends date, open boolean NOT NULL,
    CHECK (ends > starts), CHECK ((ends IS NULL) = open)
);

-- case: columns refuse NULL and get a default
-- before
CREATE TABLE t (a integer, b text, c timestamptz, d integer DEFAULT 7);
-- after
CREATE TABLE t (
    a integer NOT NULL DEFAULT 5, b text NOT NULL DEFAULT 'none',
    c timestamptz NOT NULL DEFAULT '2020-01-01', d integer NOT NULL DEFAULT 7
);

-- case: a column becomes unique that had the same values
-- before
CREATE TABLE t (kind text CHECK (kind IN ('a', 'b')), n integer);
-- after
CREATE TABLE t (kind text UNIQUE CHECK (kind IN ('a', 'b')), n integer, UNIQUE (n, kind));

-- case: a reference is added to rows that may refer to nothing
-- before
CREATE TABLE p (a integer, b integer, PRIMARY KEY (a, b));
CREATE TABLE c (id integer PRIMARY KEY, a integer, b integer, up integer);
-- after
CREATE TABLE p (a integer, b integer, PRIMARY KEY (a, b));
CREATE TABLE c (
    id integer PRIMARY KEY, a integer, b integer, up integer REFERENCES c,
    FOREIGN KEY (a, b) REFERENCES p
);

-- case: tables refer to each other and to themselves
-- before
CREATE TABLE node (id uuid PRIMARY KEY, up uuid NOT NULL REFERENCES node, name text);
CREATE TABLE a (id integer PRIMARY KEY, b integer);
CREATE TABLE b (id integer PRIMARY KEY, a integer REFERENCES a);
ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b;
-- after
CREATE TABLE node (id uuid PRIMARY KEY, up uuid NOT NULL REFERENCES node, name varchar(40));
CREATE TABLE a (id bigint PRIMARY KEY, b bigint);
CREATE TABLE b (id bigint PRIMARY KEY, a bigint REFERENCES a);
ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b;

-- case: values of all kinds stay what they are
-- both
CREATE TYPE mood AS ENUM ('sad', 'it''s', 'glad');
CREATE DOMAIN mail AS text CHECK (VALUE LIKE '%@%');
CREATE TYPE place AS (street text, moods mood[]);
CREATE TYPE span AS RANGE (SUBTYPE = numeric);
-- before
CREATE TABLE t (
    a mood, b mail, c place, d span, e mood[], f mail[], g numeric(5,2), h bytea, i json, j jsonb, k xml,
    l interval, m inet, n bit(5), o bit varying(3), p tsvector, q point, r daterange, s money, u "char",
    v char(4), w name, x real, y timestamp(3), z time with time zone
);
-- after
CREATE TABLE t (
    a mood, b mail, c place, d span, e mood[], f mail[], g numeric(7,2), h bytea, i json, j jsonb, k xml,
    l interval, m inet, n bit(5), o bit varying(3), p tsvector, q point, r daterange, s money, u "char",
    v char(4), w name, x double precision, y timestamp(3), z time with time zone, extra integer DEFAULT 3
);

-- case: ranges that exclude each other keep their rows
-- before
CREATE TABLE booking (room int4range, during tsrange NOT NULL, EXCLUDE USING gist (room WITH &&, during WITH &&));
-- after
CREATE TABLE booking (
    room int4range, during tsrange NOT NULL, note text,
    EXCLUDE USING gist (room WITH &&, during WITH &&)
);

-- case: rows of partitions by list, range and hash stay
-- before
CREATE TABLE l (k text NOT NULL, n integer) PARTITION BY LIST (k);
CREATE TABLE l_a PARTITION OF l FOR VALUES IN ('x', 'y') PARTITION BY RANGE (n);
CREATE TABLE l_a_1 PARTITION OF l_a FOR VALUES FROM (10) TO (20);
CREATE TABLE l_b PARTITION OF l FOR VALUES IN ('z');
CREATE TABLE h (n integer) PARTITION BY HASH (n);
CREATE TABLE h_0 PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE h_1 PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 1);
-- after
CREATE TABLE l (k text NOT NULL, n integer, extra text) PARTITION BY LIST (k);
CREATE TABLE l_a PARTITION OF l FOR VALUES IN ('x', 'y') PARTITION BY RANGE (n);
CREATE TABLE l_a_1 PARTITION OF l_a FOR VALUES FROM (10) TO (20);
CREATE TABLE l_b PARTITION OF l FOR VALUES IN ('z');
CREATE TABLE h (n integer CHECK (n > 3)) PARTITION BY HASH (n);
CREATE TABLE h_0 PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE h_1 PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 1);

-- case: numbers that were given are remembered when a serial column becomes an identity
-- before
CREATE TABLE t (id serial PRIMARY KEY, a text);
CREATE TABLE u (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a text);
-- after
CREATE TABLE t (id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, a text);
CREATE TABLE u (id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, a varchar(9));

-- case: a check calls a function that comes with it
-- before
CREATE TABLE t (a text, b integer);
-- after
CREATE FUNCTION is_fine(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 ~ ''^[a-f]+$''';
CREATE TABLE t (a text CHECK (is_fine(a)), b integer);

-- case: rows are filled while triggers would change other columns and tables
-- golden: backfill_under_triggers
-- both
CREATE TABLE log (n integer);
CREATE FUNCTION touched() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.u := now(); RETURN new; END $$;
CREATE FUNCTION logged() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.log VALUES (new.a); RETURN NULL; END $$;
-- before
CREATE TABLE t (a integer NOT NULL, n integer, u timestamptz DEFAULT now());
-- after
CREATE TABLE t (
    a integer NOT NULL, n integer NOT NULL DEFAULT 3, u timestamptz DEFAULT now()
);
-- both
CREATE TRIGGER touch BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touched();
CREATE TRIGGER log_it AFTER INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION logged();
CREATE TRIGGER always AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION logged();
CREATE TRIGGER never AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION logged();
ALTER TABLE t ENABLE ALWAYS TRIGGER always;
ALTER TABLE t DISABLE TRIGGER never;

-- case: rows of a partitioned table are filled while there are triggers
-- golden: backfill_of_partitions
-- both
CREATE FUNCTION touched() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.u := now(); RETURN new; END $$;
-- before
CREATE TABLE t (a integer NOT NULL, b integer, u timestamptz DEFAULT now()) PARTITION BY RANGE (a);
CREATE TABLE p PARTITION OF t FOR VALUES FROM (1) TO (100);
-- after
CREATE TABLE t (
    a integer NOT NULL, b integer NOT NULL DEFAULT 4, u timestamptz DEFAULT now()
) PARTITION BY RANGE (a);
CREATE TABLE p PARTITION OF t FOR VALUES FROM (1) TO (100);
-- both
CREATE TRIGGER touch BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touched();
CREATE TRIGGER own BEFORE UPDATE ON p FOR EACH ROW EXECUTE FUNCTION touched();

-- case: rows are filled although checks of them are deferred
-- golden: backfill_deferred
-- both
CREATE FUNCTION logged() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TABLE p (id integer PRIMARY KEY);
-- before
CREATE TABLE t (a integer NOT NULL, p integer REFERENCES p DEFERRABLE INITIALLY DEFERRED);
-- after
CREATE TABLE t (
    a integer NOT NULL, p integer NOT NULL DEFAULT 7 REFERENCES p DEFERRABLE INITIALLY DEFERRED
);
-- both
CREATE CONSTRAINT TRIGGER late AFTER UPDATE ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION logged();
