-- Primary keys, unique constraints, checks and exclusions.

-- case: a primary key is added
-- before
CREATE TABLE t (a integer NOT NULL, b text);
-- after
CREATE TABLE t (a integer PRIMARY KEY, b text);

-- case: a primary key is added on columns that took NULL
-- before
CREATE TABLE t (a integer, b text);
-- after
CREATE TABLE t (a integer, b text, CONSTRAINT both_of PRIMARY KEY (a, b));

-- case: a primary key is put on another column
-- before
CREATE TABLE t (a integer PRIMARY KEY, b integer NOT NULL);
-- after
CREATE TABLE t (a integer NOT NULL, b integer PRIMARY KEY);

-- case: a primary key with references to it is put on another column
-- before
CREATE TABLE t (a integer PRIMARY KEY, b integer NOT NULL UNIQUE);
CREATE TABLE u (t integer REFERENCES t (a));
-- after
CREATE TABLE t (a integer NOT NULL UNIQUE, b integer PRIMARY KEY);
CREATE TABLE u (t integer REFERENCES t (b));

-- case: the columns of a primary key change their order
-- before
CREATE TABLE t (a integer, b integer, PRIMARY KEY (a, b));
-- after
CREATE TABLE t (a integer, b integer, PRIMARY KEY (b, a));

-- case: a primary key gets another name
-- before
CREATE TABLE t (a integer CONSTRAINT old_key PRIMARY KEY);
CREATE TABLE u (t integer REFERENCES t);
-- after
CREATE TABLE t (a integer CONSTRAINT new_key PRIMARY KEY);
CREATE TABLE u (t integer REFERENCES t);

-- case: a primary key includes another column
-- before
CREATE TABLE t (a integer PRIMARY KEY, b integer);
-- after
CREATE TABLE t (a integer, b integer, PRIMARY KEY (a) INCLUDE (b));

-- case: a primary key becomes deferrable
-- before
CREATE TABLE t (a integer PRIMARY KEY);
-- after
CREATE TABLE t (a integer PRIMARY KEY DEFERRABLE INITIALLY DEFERRED);

-- case: a unique constraint is added and another goes
-- before
CREATE TABLE t (a integer, b integer UNIQUE);
-- after
CREATE TABLE t (a integer UNIQUE, b integer);

-- case: a unique constraint spans more columns
-- before
CREATE TABLE t (a integer, b integer, CONSTRAINT once UNIQUE (a));
-- after
CREATE TABLE t (a integer, b integer, CONSTRAINT once UNIQUE (a, b));

-- case: a unique constraint takes one NULL only
-- from: 15
-- before
CREATE TABLE t (a integer, b integer, CONSTRAINT once UNIQUE (a));
-- after
CREATE TABLE t (a integer, b integer, CONSTRAINT once UNIQUE NULLS NOT DISTINCT (a));

-- case: a unique constraint becomes deferrable and includes a column
-- before
CREATE TABLE t (a integer, b integer, CONSTRAINT once UNIQUE (a));
-- after
CREATE TABLE t (a integer, b integer, CONSTRAINT once UNIQUE (a) INCLUDE (b) DEFERRABLE);

-- case: a unique constraint becomes a unique index
-- before
CREATE TABLE t (a integer CONSTRAINT once UNIQUE);
-- after
CREATE TABLE t (a integer);
CREATE UNIQUE INDEX once ON t (a);

-- case: a unique constraint has options of its index
-- before
CREATE TABLE t (a integer CONSTRAINT once UNIQUE);
-- after
CREATE TABLE t (a integer CONSTRAINT once UNIQUE WITH (fillfactor = 60));

-- case: a unique constraint becomes the primary key
-- before
CREATE TABLE t (a integer NOT NULL UNIQUE);
CREATE TABLE u (t integer REFERENCES t (a));
-- after
CREATE TABLE t (a integer PRIMARY KEY);
CREATE TABLE u (t integer REFERENCES t (a));

-- case: a check is added, one changes, one goes
-- before
CREATE TABLE t (a integer, b integer, CONSTRAINT x CHECK (a > 0), CONSTRAINT y CHECK (b > 0));
-- after
CREATE TABLE t (a integer, b integer, CONSTRAINT x CHECK (a > 1), CONSTRAINT z CHECK (b IS NOT NULL OR a < 100));

-- case: checks of many kinds
-- before
CREATE TABLE t (a integer, b text, c date, d jsonb, e text[]);
-- after
CREATE TABLE t (a integer, b text, c date, d jsonb, e text[],
    CHECK (a BETWEEN 1 AND 9), CHECK (a % 2 = 0), CHECK (b ~ '^[a-z]+$'), CHECK (b LIKE 'a%' OR b IS NULL),
    CHECK (length(b) < 20), CHECK (c > '2000-01-01'), CHECK (d ? 'key'), CHECK (cardinality(e) <= 3),
    CHECK (CASE WHEN a = 2 THEN b IS NOT NULL ELSE true END), CHECK (num_nonnulls(a, b) = 1 OR c IS NULL),
    CHECK (a IN (2, 4, 6)), CHECK (jsonb_typeof(d -> 'list') = 'array'));

-- case: a check on a varchar in a list
-- before
CREATE TABLE t (kind varchar(10));
-- after
CREATE TABLE t (kind varchar(10), CONSTRAINT known CHECK (kind IN ('a', 'b')), CONSTRAINT other CHECK (kind NOT IN ('x', 'y')));

-- case: a list in a check gets longer
-- before
CREATE TABLE t (kind varchar(10) NOT NULL, CONSTRAINT known CHECK (kind IN ('a', 'b')));
-- after
CREATE TABLE t (kind varchar(10) NOT NULL, CONSTRAINT known CHECK (kind IN ('a', 'b', 'c')));

-- case: two spellings of a check are one
-- same
-- before
CREATE TABLE t (kind varchar(10), n integer, CONSTRAINT known CHECK (kind IN ('a', 'b')), CONSTRAINT within CHECK (n>0 and n<9));
-- after
CREATE TABLE t (kind varchar(10), n integer, CONSTRAINT known CHECK (kind = ANY (ARRAY['a'::varchar, 'b'::varchar]::text[])), CONSTRAINT within CHECK (((n > 0) AND (n < 9))));

-- case: a check is not valid yet
-- before
CREATE TABLE t (a integer);
-- after
CREATE TABLE t (a integer);
ALTER TABLE t ADD CONSTRAINT positive CHECK (a > 0) NOT VALID;

-- case: a check is validated
-- golden: validated
-- before
CREATE TABLE t (a integer);
ALTER TABLE t ADD CONSTRAINT positive CHECK (a > 0) NOT VALID;
-- after
CREATE TABLE t (a integer CONSTRAINT positive CHECK (a > 0));

-- case: a check that is not valid changes
-- before
CREATE TABLE t (a integer);
ALTER TABLE t ADD CONSTRAINT positive CHECK (a > 0) NOT VALID;
-- after
CREATE TABLE t (a integer);
ALTER TABLE t ADD CONSTRAINT positive CHECK (a > 5) NOT VALID;

-- case: a check calls a new function
-- from: 14
-- before
CREATE TABLE t (a text);
-- after
CREATE FUNCTION is_code(text) RETURNS boolean IMMUTABLE LANGUAGE sql RETURN $1 ~ '^[A-Z]{3}$';
CREATE TABLE t (a text CHECK (is_code(a)));

-- case: a check calls a function that gets another argument
-- from: 14
-- before
CREATE FUNCTION is_code(text) RETURNS boolean IMMUTABLE LANGUAGE sql RETURN $1 ~ '^[A-Z]{3}$';
CREATE TABLE t (a text CONSTRAINT coded CHECK (is_code(a)));
-- after
CREATE FUNCTION is_code(text, integer) RETURNS boolean IMMUTABLE LANGUAGE sql RETURN length($1) = $2;
CREATE TABLE t (a text CONSTRAINT coded CHECK (is_code(a, 3)));

-- case: a check takes the name of a unique constraint
-- before
CREATE TABLE t (a integer CONSTRAINT rule_of_a UNIQUE);
-- after
CREATE TABLE t (a integer CONSTRAINT rule_of_a CHECK (a > 0));

-- case: a check is made from two
-- before
CREATE TABLE t (a integer, CONSTRAINT low CHECK (a > 0), CONSTRAINT high CHECK (a < 10));
-- after
CREATE TABLE t (a integer, CONSTRAINT low CHECK (a > 0 AND a < 10));

-- case: an exclusion constraint is added
-- before
CREATE TABLE booking (room int4range, during tsrange);
-- after
CREATE TABLE booking (room int4range, during tsrange, CONSTRAINT no_overlap EXCLUDE USING gist (room WITH &&, during WITH &&));

-- case: an exclusion constraint changes its condition
-- before
CREATE TABLE booking (during tsrange, void boolean, CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&));
-- after
CREATE TABLE booking (during tsrange, void boolean, CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&) WHERE (NOT void));

-- case: an exclusion constraint over an expression goes
-- before
CREATE TABLE booking (a date, b date, CONSTRAINT no_overlap EXCLUDE USING gist (daterange(a, b) WITH &&) DEFERRABLE);
-- after
CREATE TABLE booking (a date, b date);

-- case: constraints of all kinds come at once
-- before
CREATE TABLE p (id integer NOT NULL);
CREATE TABLE t (a integer, b integer, r int4range);
-- after
CREATE TABLE p (id integer PRIMARY KEY);
CREATE TABLE t (a integer PRIMARY KEY, b integer UNIQUE REFERENCES p CHECK (b > a), r int4range, EXCLUDE USING gist (r WITH &&));

-- case: a constraint with a comment changes
-- before
CREATE TABLE t (a integer, CONSTRAINT x CHECK (a > 0));
COMMENT ON CONSTRAINT x ON t IS 'said';
-- after
CREATE TABLE t (a integer, CONSTRAINT x CHECK (a > 1));
COMMENT ON CONSTRAINT x ON t IS 'said';
