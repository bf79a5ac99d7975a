-- Columns: added, dropped, with defaults, NOT NULL, storage and other settings.

-- case: a column is added
-- both
CREATE TABLE book (id integer PRIMARY KEY, title text);
-- after
ALTER TABLE book ADD pages smallint;

-- case: columns of many types are added
-- from: 14
-- both
CREATE TABLE book (id integer PRIMARY KEY);
-- after
ALTER TABLE book ADD a bigint, ADD b numeric(12,3), ADD c varchar(40), ADD d char(3), ADD e timestamptz(3),
    ADD f interval day to second(2), ADD g bit(8), ADD h bit varying(9), ADD i jsonb, ADD j uuid, ADD k inet,
    ADD l text[], ADD m integer[][], ADD n tsvector, ADD o int4range, ADD p xml, ADD q point, ADD r bytea,
    ADD s double precision, ADD t money, ADD u "char", ADD v name, ADD w time with time zone, ADD x macaddr,
    ADD y pg_lsn, ADD z int8multirange;

-- case: a column is added in the middle
-- before
CREATE TABLE book (id integer PRIMARY KEY, title text NOT NULL);
-- after
CREATE TABLE book (id integer PRIMARY KEY, isbn text, title text NOT NULL);

-- case: another order of columns is no difference
-- same
-- before
CREATE TABLE book (id integer PRIMARY KEY, isbn text, title text NOT NULL);
-- after
CREATE TABLE book (title text NOT NULL, id integer PRIMARY KEY, isbn text);

-- case: a column with a constant default is added
-- both
CREATE TABLE book (id integer PRIMARY KEY);
-- after
ALTER TABLE book ADD lent boolean NOT NULL DEFAULT false, ADD copies integer DEFAULT 1;

-- case: a column with a volatile default is added
-- both
CREATE TABLE book (id integer PRIMARY KEY);
-- after
ALTER TABLE book ADD token uuid NOT NULL DEFAULT gen_random_uuid(), ADD seen timestamptz DEFAULT clock_timestamp();

-- case: a column that refuses NULL is added without a default
-- golden: required_column
-- both
CREATE TABLE book (id integer PRIMARY KEY);
-- after
ALTER TABLE book ADD title text NOT NULL;

-- case: a column with its constraints is added
-- golden: column_with_constraints
-- both
CREATE TABLE shelf (id integer PRIMARY KEY);
CREATE TABLE book (id integer PRIMARY KEY);
-- after
ALTER TABLE book ADD shelf_id integer REFERENCES shelf (id), ADD isbn text UNIQUE,
    ADD pages integer CHECK (pages > 0);

-- case: a serial column is added
-- both
CREATE TABLE visit (at timestamptz);
-- after
ALTER TABLE visit ADD id serial;

-- case: a bigserial key is added
-- both
CREATE TABLE visit (at timestamptz);
-- after
ALTER TABLE visit ADD id bigserial PRIMARY KEY;

-- case: an identity column is added
-- both
CREATE TABLE visit (at timestamptz);
-- after
ALTER TABLE visit ADD id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY;

-- case: a column with a collation is added
-- both
CREATE TABLE visit (at timestamptz);
-- after
ALTER TABLE visit ADD who text COLLATE "C" NOT NULL DEFAULT '';

-- case: a column of a new enum is added
-- both
CREATE TABLE visit (at timestamptz);
-- after
CREATE TYPE weather AS ENUM ('dry', 'wet');
ALTER TABLE visit ADD sky weather NOT NULL DEFAULT 'dry';

-- case: a column of a new domain with a check is added
-- both
CREATE TABLE visit (at timestamptz);
-- after
CREATE DOMAIN percent AS integer CHECK (VALUE BETWEEN 0 AND 100);
ALTER TABLE visit ADD done percent;

-- case: a column whose default is a new function is added
-- both
CREATE TABLE visit (at timestamptz);
-- after
CREATE FUNCTION fresh_code() RETURNS text LANGUAGE sql AS $$ SELECT 'x' || md5('y') $$;
ALTER TABLE visit ADD code text DEFAULT fresh_code();

-- case: a column is dropped that an index, a check, a unique constraint and statistics name
-- both
CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer, c integer);
-- before
ALTER TABLE t ADD d integer;
CREATE INDEX t_d ON t (d);
CREATE INDEX t_a_d ON t (a) INCLUDE (d);
CREATE INDEX t_b_where ON t (b) WHERE d > 0;
ALTER TABLE t ADD CONSTRAINT c_d CHECK (c < d), ADD CONSTRAINT u_d UNIQUE (a, d);
CREATE STATISTICS s_d ON b, d FROM t;

-- case: what names a dropped column stays in another form
-- golden: dropped_column
-- before
CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer, c integer);
CREATE INDEX t_a_c ON t (a, c);
ALTER TABLE t ADD CONSTRAINT range CHECK (a < b AND b < c), ADD CONSTRAINT once UNIQUE (a, c);
CREATE STATISTICS t_stat ON a, b, c FROM t;
-- after
CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer);
CREATE INDEX t_a_c ON t (a);
ALTER TABLE t ADD CONSTRAINT range CHECK (a < b), ADD CONSTRAINT once UNIQUE (a);
CREATE STATISTICS t_stat ON a, b FROM t;

-- case: a column is dropped that a view shows no more
-- before
CREATE TABLE t (id integer PRIMARY KEY, a text, b text);
CREATE VIEW v AS SELECT id, a, b FROM t;
-- after
CREATE TABLE t (id integer PRIMARY KEY, a text);
CREATE VIEW v AS SELECT id, a FROM t;

-- case: a column goes and another comes
-- before
CREATE TABLE t (id integer PRIMARY KEY, a text);
-- after
CREATE TABLE t (id integer PRIMARY KEY, b integer[] NOT NULL DEFAULT '{}');

-- case: the last column goes
-- before
CREATE TABLE t (a integer);
-- after
CREATE TABLE t ();

-- case: a default is set
-- before
CREATE TABLE t (a integer, b text, c timestamptz);
-- after
CREATE TABLE t (a integer DEFAULT 7, b text DEFAULT 'it''s -- no comment; nor an end', c timestamptz DEFAULT now());

-- case: a default is changed
-- before
CREATE TABLE t (a integer DEFAULT 7, b text DEFAULT 'x', c date DEFAULT CURRENT_DATE, d jsonb DEFAULT '{}');
-- after
CREATE TABLE t (a integer DEFAULT -7, b text DEFAULT lower('X'), c date DEFAULT (CURRENT_DATE + 1), d jsonb DEFAULT '[]');

-- case: a default with a backslash and odd letters is set
-- before
CREATE TABLE t (a text);
-- after
CREATE TABLE t (a text DEFAULT E'tab\there \\ "quoted" $$ ünï 🐘');

-- case: a default starts to use another function
-- both
CREATE TABLE t (a integer);
-- before
CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1';
ALTER TABLE t ALTER a SET DEFAULT one();
-- after
CREATE FUNCTION two() RETURNS integer LANGUAGE sql AS 'SELECT 2';
ALTER TABLE t ALTER a SET DEFAULT two();

-- case: a default of the moment of creation is refused
-- fails: a default of the moment at which it is read
-- both
CREATE TABLE t (id integer);
-- after
ALTER TABLE t ADD born timestamp DEFAULT 'now';

-- case: a column refuses NULL
-- before
CREATE TABLE t (a integer, b text);
-- after
CREATE TABLE t (a integer NOT NULL, b text);

-- case: a column refuses NULL and has a default
-- before
CREATE TABLE t (a integer, b text);
-- after
CREATE TABLE t (a integer NOT NULL DEFAULT 0, b text NOT NULL DEFAULT '?');

-- case: a column of a key that goes still refuses NULL
-- before
CREATE TABLE t (a integer PRIMARY KEY);
-- after
CREATE TABLE t (a integer NOT NULL);

-- case: a column of a key that goes takes NULL
-- before
CREATE TABLE t (a integer PRIMARY KEY);
-- after
CREATE TABLE t (a integer);

-- case: the storage of a column is changed
-- before
CREATE TABLE t (a text, b bytea, c jsonb);
-- after
CREATE TABLE t (a text, b bytea, c jsonb);
ALTER TABLE t ALTER a SET STORAGE EXTERNAL, ALTER b SET STORAGE MAIN, ALTER c SET STORAGE PLAIN;

-- case: the compression of a column is changed
-- from: 14
-- before
CREATE TABLE t (a text COMPRESSION pglz, b text);
-- after
CREATE TABLE t (a text, b text COMPRESSION pglz);

-- case: the statistics target of a column is changed
-- before
CREATE TABLE t (a text, b text, c text);
ALTER TABLE t ALTER a SET STATISTICS 500, ALTER b SET STATISTICS 10;
-- after
CREATE TABLE t (a text, b text, c text);
ALTER TABLE t ALTER b SET STATISTICS 20, ALTER c SET STATISTICS 0;

-- case: the options of a column are changed
-- before
CREATE TABLE t (a text, b text, c text);
ALTER TABLE t ALTER a SET (n_distinct = 5), ALTER b SET (n_distinct = -0.5, n_distinct_inherited = 3);
-- after
CREATE TABLE t (a text, b text, c text);
ALTER TABLE t ALTER b SET (n_distinct = -0.2), ALTER c SET (n_distinct_inherited = 9);

-- case: a column with settings of all kinds is added
-- from: 14
-- before
CREATE TABLE t (a text);
-- after
CREATE TABLE t (a text, b text COMPRESSION pglz COLLATE "C" NOT NULL DEFAULT 'b');
ALTER TABLE t ALTER b SET STATISTICS 77, ALTER b SET STORAGE EXTERNAL, ALTER b SET (n_distinct = 2);
COMMENT ON COLUMN t.b IS 'said of b';

-- case: the collation of a column is changed
-- before
CREATE TABLE t (a text, b text COLLATE "C", c varchar(9) COLLATE "C");
CREATE INDEX t_a ON t (a);
-- after
CREATE TABLE t (a text COLLATE "C", b text, c varchar(9) COLLATE "POSIX");
CREATE INDEX t_a ON t (a);

-- case: the collation of a column under a view and an index is changed
-- before
CREATE TABLE t (a text, b integer);
CREATE VIEW v AS SELECT a FROM t;
CREATE UNIQUE INDEX t_a ON t (lower(a));
-- after
CREATE TABLE t (a text COLLATE "C", b integer);
CREATE VIEW v AS SELECT a FROM t;
CREATE UNIQUE INDEX t_a ON t (lower(a));

-- case: all that can be said of a column changes at once
-- before
CREATE TABLE t (id integer, a integer NOT NULL DEFAULT 1 CHECK (a > 0));
ALTER TABLE t ALTER a SET STATISTICS 9;
COMMENT ON COLUMN t.a IS 'a number';
-- after
CREATE TABLE t (id integer, a text COLLATE "C" DEFAULT 'one');
ALTER TABLE t ALTER a SET STORAGE EXTERNAL;
COMMENT ON COLUMN t.a IS 'a text';

-- case: many columns of one table change
-- golden: many_columns
-- before
CREATE TABLE t (a integer, b integer NOT NULL, c integer DEFAULT 1, d varchar(10), e text);
-- after
CREATE TABLE t (a integer NOT NULL, b integer, c integer DEFAULT 2, d varchar(20), f text);

-- case: columns of a table that get other types are rewritten once
-- golden: types_together
-- before
CREATE TABLE o (id integer PRIMARY KEY, n integer);
CREATE TABLE t (
    a integer NOT NULL, b integer DEFAULT 5, c varchar(5), d integer REFERENCES o,
    e integer GENERATED ALWAYS AS (a + b) STORED, UNIQUE (a, c), CHECK (b > 0)
);
CREATE VIEW v AS SELECT a, d FROM t;
-- after
CREATE TABLE o (id bigint PRIMARY KEY, n bigint);
CREATE TABLE t (
    a bigint NOT NULL, b bigint DEFAULT 5, c varchar(9), d bigint REFERENCES o,
    e bigint GENERATED ALWAYS AS (a + b) STORED, UNIQUE (a, c), CHECK (b > 0)
);
CREATE VIEW v AS SELECT a, d FROM t;

-- case: columns of a domain that changes are rewritten once
-- says: ALTER TABLE public.t ALTER COLUMN a TYPE public.d USING a::text::public.d, ALTER COLUMN b TYPE public.d
-- before
CREATE DOMAIN d AS integer;
CREATE TABLE t (a d, b d);
CREATE TABLE u (a d);
-- after
CREATE DOMAIN d AS bigint;
CREATE TABLE t (a d, b d);
CREATE TABLE u (a d);

-- case: a column is split
-- golden: column_is_split
-- before
CREATE TABLE t (id integer PRIMARY KEY, fullname text, n integer);
CREATE VIEW v AS SELECT fullname FROM t;
INSERT INTO t VALUES (1, 'Ada Lovelace', 2);
-- after
CREATE TABLE t (
    id integer PRIMARY KEY,
    first text NOT NULL, -- backfill: coalesce(split_part(fullname, ' ', 1), '')
    last text NOT NULL, -- backfill: coalesce(split_part(fullname, ' ', 2), '')
    n integer
);

-- case: columns are filled from each other in the order of their needs
-- before
CREATE TABLE t (id integer, z text, old text);
-- after
CREATE TABLE t (
    id integer,
    z text NOT NULL, -- backfill: coalesce(old, 'none')
    a text NOT NULL, -- backfill: b || '!'
    b text NOT NULL -- backfill: z || '?'
);

-- case: a generated column becomes a plain one as what it is made from goes, under indexes of both
-- before
CREATE TABLE t (a text, b text, c text GENERATED ALWAYS AS (upper(b)) STORED);
CREATE INDEX i ON t (a, b);
CREATE INDEX j ON t (c, lower(b));
-- after
CREATE TABLE t (a text, c date);
CREATE INDEX i ON t (a);
CREATE INDEX j ON t (c);
