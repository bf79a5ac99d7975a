-- Types of columns, and all that hangs on them.

-- case: an integer grows
-- before
CREATE TABLE t (id integer PRIMARY KEY, n smallint DEFAULT 3, m integer NOT NULL);
-- after
CREATE TABLE t (id bigint PRIMARY KEY, n integer DEFAULT 3, m bigint NOT NULL);

-- case: a varchar grows, loses its limit, becomes text
-- before
CREATE TABLE t (a varchar(20), b varchar(20), c varchar(20), d char(4));
-- after
CREATE TABLE t (a varchar(30), b varchar, c text, d varchar(4));

-- case: a numeric gets another precision and scale
-- before
CREATE TABLE t (a numeric(10,2), b numeric(10,2), c numeric);
-- after
CREATE TABLE t (a numeric(14,2), b numeric(10,4), c numeric(6,1));

-- case: a text becomes a number
-- before
CREATE TABLE t (a text, b varchar(9) DEFAULT '5');
-- after
CREATE TABLE t (a integer, b numeric DEFAULT 5);

-- case: a number becomes a boolean
-- before
CREATE TABLE t (a integer DEFAULT 0 NOT NULL);
-- after
CREATE TABLE t (a boolean DEFAULT false NOT NULL);

-- case: a text becomes a time and a date
-- before
CREATE TABLE t (a text, b text);
-- after
CREATE TABLE t (a timestamptz, b date);

-- case: a timestamp gets a time zone
-- before
CREATE TABLE t (a timestamp DEFAULT now(), b timestamp(0), c date);
-- after
CREATE TABLE t (a timestamptz DEFAULT now(), b timestamptz(3), c timestamp);

-- case: json becomes jsonb
-- before
CREATE TABLE t (a json DEFAULT '{"k": 1}', b jsonb);
-- after
CREATE TABLE t (a jsonb DEFAULT '{"k": 1}', b json);

-- case: json becomes jsonb, which writes it another way
-- says: destructive: changes the values of t.a from json to jsonb
-- before
CREATE TABLE t (a json);
-- after
CREATE TABLE t (a jsonb);

-- case: jsonb becomes json
-- hides: destructive
-- before
CREATE TABLE t (a jsonb);
-- after
CREATE TABLE t (a json);

-- case: an integer becomes a double and an array
-- hides: destructive
-- before
CREATE TABLE t (a integer, b integer);
-- after
CREATE TABLE t (a double precision, b integer[]);

-- case: a text becomes what not every text is
-- says: the values of t.b have to fit in inet
-- says: the values of t.c have to fit in public.size
-- says: the values of t.d have to fit in text[]
-- hides: destructive
-- both
CREATE TYPE size AS ENUM ('s', 'm');
-- before
CREATE TABLE t (a text, b text, c text, d text);
-- after
CREATE TABLE t (a uuid, b inet, c size, d text[]);

-- case: a boolean becomes a number and back
-- says: a::integer::smallint
-- hides: -- warning
-- before
CREATE TABLE t (a boolean DEFAULT false, b boolean, c boolean);
-- after
CREATE TABLE t (a smallint DEFAULT 0, b bigint, c numeric);

-- case: money becomes a double
-- says: a::numeric::double precision
-- before
CREATE TABLE t (a money);
-- after
CREATE TABLE t (a double precision);

-- case: no value survives the new type
-- says: fails if rows don't fit: no value of t.a can become uuid
-- says: fails if rows don't fit: no value of t.b can become bigint
-- before
CREATE TABLE t (a integer, b timestamptz);
-- after
CREATE TABLE t (a uuid, b bigint);

-- case: the values of another type are told
-- says: USING (length(a))
-- says: USING (extract(epoch FROM b))
-- hides: fails if
-- before
CREATE TABLE t (a text, b timestamptz);
-- after
CREATE TABLE t (
    a integer, -- backfill: length(a)
    b bigint -- backfill: extract(epoch FROM b)
);

-- case: a backfill names the column as it was, and the column refuses NULL from now on
-- golden: backfill_of_another_type
-- before
CREATE TABLE t (a text, b integer, c integer, d text);
-- after
CREATE TABLE t (
    a integer NOT NULL, -- backfill: length(a)
    b bigint NOT NULL, -- backfill: 0
    c bigint NOT NULL, -- backfill: coalesce(c, 7)
    d integer NOT NULL -- backfill: length(d)
);

-- case: a backfill is for nothing
-- says: warning: the backfill of `t.a` has no effect
-- before
CREATE TABLE t (a text NOT NULL);
-- after
CREATE TABLE t (
    a text -- backfill: 'z'
);

-- case: a text becomes a uuid
-- before
CREATE TABLE t (a text DEFAULT 'x', b varchar(36));
-- after
CREATE TABLE t (a uuid DEFAULT gen_random_uuid(), b uuid);

-- case: a scalar becomes an array
-- before
CREATE TABLE t (a integer, b text[]);
-- after
CREATE TABLE t (a integer[], b text);

-- case: the elements of an array get another type
-- before
CREATE TABLE t (a integer[] DEFAULT '{1,2}', b varchar(3)[]);
-- after
CREATE TABLE t (a bigint[] DEFAULT '{1,2}', b text[]);

-- case: a text becomes an enum and back
-- both
CREATE TYPE size AS ENUM ('s', 'm', 'l');
-- before
CREATE TABLE t (a text NOT NULL DEFAULT 's', b size);
-- after
CREATE TABLE t (a size NOT NULL DEFAULT 's', b text DEFAULT 'm');

-- case: a column takes another enum
-- both
CREATE TYPE size AS ENUM ('s', 'm', 'l');
CREATE TYPE wide AS ENUM ('s', 'm', 'l', 'xl');
-- before
CREATE TABLE t (a size DEFAULT 's', b size[]);
CREATE INDEX t_a ON t (a);
-- after
CREATE TABLE t (a wide DEFAULT 's', b wide[]);
CREATE INDEX t_a ON t (a);

-- case: a column takes a domain
-- both
CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');
-- before
CREATE TABLE t (a text, b email);
-- after
CREATE TABLE t (a email, b text);

-- case: a column takes a type that replaces the one that goes
-- before
CREATE TYPE colour AS ENUM ('red', 'blue');
CREATE TABLE t (a colour DEFAULT 'red');
-- after
CREATE TYPE tint AS ENUM ('red', 'blue', 'green');
CREATE TABLE t (a tint DEFAULT 'green');

-- case: a type changes under a view
-- before
CREATE TABLE t (id integer, n integer);
CREATE VIEW v AS SELECT id, n + 1 AS more FROM t WHERE n > 0;
-- after
CREATE TABLE t (id integer, n bigint);
CREATE VIEW v AS SELECT id, n + 1 AS more FROM t WHERE n > 0;

-- case: a type changes beside a view that doesn't show the column
-- before
CREATE TABLE t (id integer, n integer);
CREATE VIEW v AS SELECT id FROM t;
-- after
CREATE TABLE t (id integer, n bigint);
CREATE VIEW v AS SELECT id FROM t;

-- case: a type changes under a view on a view
-- golden: type_under_views
-- before
CREATE TABLE t (id integer, n integer);
CREATE VIEW a AS SELECT id, n FROM t;
CREATE VIEW b AS SELECT n, count(*) AS times FROM a GROUP BY n;
CREATE VIEW c AS SELECT max(times) AS most FROM b;
-- after
CREATE TABLE t (id integer, n numeric);
CREATE VIEW a AS SELECT id, n FROM t;
CREATE VIEW b AS SELECT n, count(*) AS times FROM a GROUP BY n;
CREATE VIEW c AS SELECT max(times) AS most FROM b;

-- case: a type changes under a materialized view with an index
-- before
CREATE TABLE t (id integer, n integer);
CREATE MATERIALIZED VIEW m AS SELECT n, count(*) AS times FROM t GROUP BY n;
CREATE UNIQUE INDEX m_n ON m (n);
COMMENT ON MATERIALIZED VIEW m IS 'counted';
-- after
CREATE TABLE t (id integer, n bigint);
CREATE MATERIALIZED VIEW m AS SELECT n, count(*) AS times FROM t GROUP BY n;
CREATE UNIQUE INDEX m_n ON m (n);
COMMENT ON MATERIALIZED VIEW m IS 'counted';

-- case: a type changes under a rule
-- before
CREATE TABLE t (id integer, n integer);
CREATE TABLE log (n bigint);
CREATE RULE note AS ON UPDATE TO t DO ALSO INSERT INTO log VALUES (NEW.n);
-- after
CREATE TABLE t (id integer, n bigint);
CREATE TABLE log (n bigint);
CREATE RULE note AS ON UPDATE TO t DO ALSO INSERT INTO log VALUES (NEW.n);

-- case: a type changes under a policy
-- before
CREATE TABLE t (id integer, owner varchar(30));
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON t USING (owner = current_user) WITH CHECK (owner = current_user);
-- after
CREATE TABLE t (id integer, owner text);
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON t USING (owner = current_user) WITH CHECK (owner = current_user);

-- case: a type changes under a policy of another table
-- before
CREATE TABLE member (who varchar(30), team integer);
CREATE TABLE paper (team integer);
CREATE POLICY team ON paper USING (EXISTS (SELECT FROM member m WHERE m.team = paper.team AND m.who = current_user));
-- after
CREATE TABLE member (who text, team integer);
CREATE TABLE paper (team integer);
CREATE POLICY team ON paper USING (EXISTS (SELECT FROM member m WHERE m.team = paper.team AND m.who = current_user));

-- case: a type changes under a generated column
-- before
CREATE TABLE t (n integer, doubled integer GENERATED ALWAYS AS (n * 2) STORED);
CREATE INDEX t_doubled ON t (doubled);
-- after
CREATE TABLE t (n bigint, doubled integer GENERATED ALWAYS AS (n * 2) STORED);
CREATE INDEX t_doubled ON t (doubled);

-- case: a type changes under a generated column that a view shows
-- before
CREATE TABLE t (n integer, doubled bigint GENERATED ALWAYS AS (n * 2) STORED);
CREATE VIEW v AS SELECT doubled FROM t;
-- after
CREATE TABLE t (n bigint, doubled bigint GENERATED ALWAYS AS (n * 2) STORED);
CREATE VIEW v AS SELECT doubled FROM t;

-- case: a type changes under triggers
-- both
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
-- before
CREATE TABLE t (id integer, n integer, m integer);
CREATE TRIGGER of_column BEFORE UPDATE OF n ON t FOR EACH ROW EXECUTE FUNCTION noted();
CREATE TRIGGER when_more AFTER UPDATE ON t FOR EACH ROW WHEN (NEW.m > OLD.m) EXECUTE FUNCTION noted();
CREATE TRIGGER of_all BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION noted();
-- after
CREATE TABLE t (id integer, n bigint, m numeric);
CREATE TRIGGER of_column BEFORE UPDATE OF n ON t FOR EACH ROW EXECUTE FUNCTION noted();
CREATE TRIGGER when_more AFTER UPDATE ON t FOR EACH ROW WHEN (NEW.m > OLD.m) EXECUTE FUNCTION noted();
CREATE TRIGGER of_all BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION noted();

-- case: a type changes under a function with a parsed body
-- from: 14
-- before
CREATE TABLE t (id integer, n integer);
CREATE FUNCTION top() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT max(n)::bigint FROM t; END;
-- after
CREATE TABLE t (id integer, n bigint);
CREATE FUNCTION top() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT max(n)::bigint FROM t; END;

-- case: a type changes under indexes, checks, a key and statistics
-- before
CREATE TABLE t (id integer PRIMARY KEY, n integer UNIQUE, m integer CHECK (m > 0));
CREATE INDEX t_n_m ON t (n, m DESC) WHERE m > 5;
CREATE STATISTICS t_s ON n, m FROM t;
-- after
CREATE TABLE t (id bigint PRIMARY KEY, n bigint UNIQUE, m bigint CHECK (m > 0));
CREATE INDEX t_n_m ON t (n, m DESC) WHERE m > 5;
CREATE STATISTICS t_s ON n, m FROM t;

-- case: a type changes under an expression that exists for one type only
-- from: 14
-- both
CREATE FUNCTION halved(integer) RETURNS integer IMMUTABLE LANGUAGE sql RETURN $1 / 2;
CREATE FUNCTION halved(bigint) RETURNS bigint IMMUTABLE LANGUAGE sql RETURN $1 / 2;
-- before
CREATE TABLE t (n integer, CONSTRAINT few CHECK (halved(n) < 9));
CREATE INDEX t_half ON t (halved(n));
-- after
CREATE TABLE t (n bigint, CONSTRAINT few CHECK (halved(n) < 9));
CREATE INDEX t_half ON t (halved(n));

-- case: a type changes and with it the only function of an index
-- from: 14
-- before
CREATE FUNCTION halved(integer) RETURNS integer IMMUTABLE LANGUAGE sql RETURN $1 / 2;
CREATE TABLE t (n integer, CONSTRAINT few CHECK (halved(n) < 9));
CREATE INDEX t_half ON t (halved(n));
-- after
CREATE FUNCTION halved(bigint) RETURNS bigint IMMUTABLE LANGUAGE sql RETURN $1 / 2;
CREATE TABLE t (n bigint, CONSTRAINT few CHECK (halved(n) < 9));
CREATE INDEX t_half ON t (halved(n));

-- case: the type of a partial index's condition changes
-- before
CREATE TABLE t (a text, open text);
CREATE INDEX t_open ON t (a) WHERE open = 'yes';
-- after
CREATE TABLE t (a text, open boolean);
CREATE INDEX t_open ON t (a) WHERE open;

-- case: the types at both ends of a foreign key change
-- golden: types_of_a_foreign_key
-- before
CREATE TABLE parent (id integer PRIMARY KEY);
CREATE TABLE child (parent_id integer REFERENCES parent);
-- after
CREATE TABLE parent (id bigint PRIMARY KEY);
CREATE TABLE child (parent_id bigint REFERENCES parent);

-- case: keys of text at both ends of a foreign key become uuid
-- before
CREATE TABLE parent (id text PRIMARY KEY);
CREATE TABLE child (id text PRIMARY KEY, parent_id text NOT NULL REFERENCES parent ON DELETE CASCADE);
CREATE INDEX child_parent ON child (parent_id);
-- after
CREATE TABLE parent (id uuid PRIMARY KEY);
CREATE TABLE child (id uuid PRIMARY KEY, parent_id uuid NOT NULL REFERENCES parent ON DELETE CASCADE);
CREATE INDEX child_parent ON child (parent_id);

-- case: the key of a table that refers to itself changes its type
-- before
CREATE TABLE node (id text PRIMARY KEY, up text REFERENCES node);
-- after
CREATE TABLE node (id uuid PRIMARY KEY, up uuid REFERENCES node);

-- case: a column is changed whose default calls a function
-- both
CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1';
-- before
CREATE TABLE t (a integer DEFAULT one());
-- after
CREATE TABLE t (a text DEFAULT one()::text);

-- case: a default that can't be cast is changed with its type
-- before
CREATE TABLE t (a text DEFAULT 'none');
-- after
CREATE TABLE t (a integer DEFAULT 0);

-- case: a serial column grows
-- before
CREATE TABLE t (id serial PRIMARY KEY);
-- after
CREATE TABLE t (id bigserial PRIMARY KEY);

-- case: an identity column grows
-- before
CREATE TABLE t (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
-- after
CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);

-- case: a view is changed together with the type below
-- before
CREATE TABLE t (id integer, n integer);
CREATE VIEW v AS SELECT id, n FROM t;
-- after
CREATE TABLE t (id integer, n text);
CREATE VIEW v AS SELECT id, upper(n) AS n FROM t;

-- case: a function over the row type of a table is no hindrance
-- before
CREATE TABLE t (id integer, n integer);
CREATE FUNCTION brief(t) RETURNS text LANGUAGE sql AS $$ SELECT $1.id || ':' || $1.n $$;
CREATE VIEW v AS SELECT brief(t) AS told FROM t;
-- after
CREATE TABLE t (id integer, n bigint);
CREATE FUNCTION brief(t) RETURNS text LANGUAGE sql AS $$ SELECT $1.id || ':' || $1.n $$;
CREATE VIEW v AS SELECT brief(t) AS told FROM t;

-- case: a function that returns rows of a table is no hindrance
-- before
CREATE TABLE t (id integer, n integer);
CREATE FUNCTION every() RETURNS SETOF t LANGUAGE sql AS 'SELECT * FROM t';
-- after
CREATE TABLE t (id integer, n bigint, m text);
CREATE FUNCTION every() RETURNS SETOF t LANGUAGE sql AS 'SELECT * FROM t';

-- case: a table whose rows are values of another can't change a type
-- refused: t
-- before
CREATE TABLE t (id integer, n integer);
CREATE TABLE keep (id integer, old t);
-- after
CREATE TABLE t (id integer, n bigint);
CREATE TABLE keep (id integer, old t);

-- case: everything hangs on one column
-- from: 14
-- golden: everything_on_a_column
-- both
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
-- before
CREATE TABLE t (id integer PRIMARY KEY, n integer NOT NULL DEFAULT 1, CONSTRAINT c CHECK (n > 0), UNIQUE (id, n));
-- after
CREATE TABLE t (id integer PRIMARY KEY, n bigint NOT NULL DEFAULT 1, CONSTRAINT c CHECK (n > 0), UNIQUE (id, n));
-- both
ALTER TABLE t ADD twice bigint GENERATED ALWAYS AS (n + n) STORED;
CREATE INDEX t_n ON t (n);
CREATE INDEX t_twice ON t (twice) WHERE n > 7;
CREATE STATISTICS t_s (dependencies) ON id, n FROM t;
CREATE VIEW v AS SELECT n, twice FROM t;
CREATE MATERIALIZED VIEW m AS SELECT sum(twice) AS total FROM v;
CREATE RULE r AS ON DELETE TO t WHERE OLD.n = 0 DO INSTEAD NOTHING;
CREATE POLICY p ON t USING (n > 0);
CREATE TRIGGER g BEFORE UPDATE OF n ON t FOR EACH ROW EXECUTE FUNCTION noted();
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT sum(n) FROM t; END;
COMMENT ON VIEW v IS 'said of v';
COMMENT ON POLICY p ON t IS 'said of p';
COMMENT ON TRIGGER g ON t IS 'said of g';
COMMENT ON RULE r ON t IS 'said of r';
COMMENT ON COLUMN t.twice IS 'said of twice';
