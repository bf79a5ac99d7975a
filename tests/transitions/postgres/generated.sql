-- case: generated: an expression changes in place
-- from: 17
-- before
CREATE TABLE t (n integer, m integer GENERATED ALWAYS AS (n + 1) STORED, a integer, UNIQUE (m), CHECK (m > -100));
CREATE VIEW v AS SELECT m FROM t;
CREATE INDEX i ON t (m) WHERE m > 5;
-- after
CREATE TABLE t (n integer, m integer GENERATED ALWAYS AS (n + 2) STORED, a integer, UNIQUE (m), CHECK (m > -100));
CREATE VIEW v AS SELECT m FROM t;
CREATE INDEX i ON t (m) WHERE m > 5;
-- says: ALTER TABLE public.t ALTER COLUMN m SET EXPRESSION AS ((n + 2));
-- hides: DROP

-- case: generated: an expression names a column that comes, and not one that goes
-- before
CREATE TABLE t (n integer, m integer GENERATED ALWAYS AS (n + 1) STORED);
-- after
CREATE TABLE t (o integer, m integer GENERATED ALWAYS AS (o + 1) STORED);

-- case: generated: the expression of a parent changes, and of its children
-- from: 17
-- before
CREATE TABLE p (a integer, b integer GENERATED ALWAYS AS (a * 2) STORED) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
-- after
CREATE TABLE p (a integer, b integer GENERATED ALWAYS AS (a * 3) STORED) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
-- hides: DROP

-- case: generated: a column that refuses NULL gets an expression that can be NULL
-- before
CREATE TABLE t (n integer, m integer NOT NULL GENERATED ALWAYS AS (COALESCE(n, 0)) STORED);
-- after
CREATE TABLE t (n integer, m integer NOT NULL GENERATED ALWAYS AS (n + 1) STORED);
-- says: Fails if rows don't fit: t.m is NOT NULL, and (n + 1) can be NULL. To find them: SELECT * FROM public.t WHERE (n + 1) IS NULL

-- case: virtual: a computed column is stored
-- from: 18
-- before
CREATE TABLE t (a integer, b integer GENERATED ALWAYS AS (a * 2) VIRTUAL);
-- after
CREATE TABLE t (a integer, b integer GENERATED ALWAYS AS (a * 2) STORED);

-- case: virtual: a stored column is computed
-- from: 18
-- before
CREATE TABLE t (a integer, b integer GENERATED ALWAYS AS (a * 2) STORED);
CREATE VIEW v AS SELECT b FROM t;
-- after
CREATE TABLE t (a integer, b integer GENERATED ALWAYS AS (a * 2) VIRTUAL);
CREATE VIEW v AS SELECT b FROM t;
-- hides: DESTRUCTIVE

-- case: virtual: a computed column becomes a plain one
-- from: 18
-- before
CREATE TABLE t (a integer, b integer GENERATED ALWAYS AS (a) VIRTUAL, c integer GENERATED ALWAYS AS (a * 2) VIRTUAL);
-- after
CREATE TABLE t (a integer, b integer, c bigint NOT NULL DEFAULT 5);
-- says: UPDATE public.t SET b = a;
-- says: UPDATE public.t SET c = COALESCE((a * 2), 5);
-- hides: DESTRUCTIVE
-- hides: FILL IN

-- case: virtual: a plain column is computed
-- from: 18
-- before
CREATE TABLE t (a integer, b integer);
-- after
CREATE TABLE t (a integer, b integer GENERATED ALWAYS AS (a * 2) VIRTUAL);
-- says: DESTRUCTIVE

-- case: virtual: an expression changes
-- from: 18
-- before
CREATE TABLE t (a integer, b integer GENERATED ALWAYS AS (a * 2) VIRTUAL);
CREATE TABLE u (a integer, b integer GENERATED ALWAYS AS (a * 2) VIRTUAL, CHECK (b > -100), CHECK (a < 100));
-- after
CREATE TABLE t (a integer, b integer GENERATED ALWAYS AS (a * 3) VIRTUAL);
CREATE TABLE u (a integer, b integer GENERATED ALWAYS AS (a * 3) VIRTUAL, CHECK (b > -100), CHECK (a < 100));
-- says: ALTER TABLE public.t ALTER COLUMN b SET EXPRESSION AS ((a * 3));

-- case: virtual: a computed column in checks, views and keys comes
-- from: 18
-- before
CREATE TABLE t (a integer);
-- after
CREATE TABLE t (a integer, b integer GENERATED ALWAYS AS (a % 7) CONSTRAINT own NOT NULL, CHECK (b > -7), c text GENERATED ALWAYS AS (a::text COLLATE "C"));
CREATE MATERIALIZED VIEW v AS SELECT b FROM t;
COMMENT ON COLUMN t.b IS 'the rest';

-- case: virtual: rows whose computed values are read
-- from: 18
-- before
CREATE TABLE t (a integer, b integer GENERATED ALWAYS AS (a * 1000000));
CREATE TABLE u (a integer);
-- after
CREATE TABLE t (a integer, b integer GENERATED ALWAYS AS (a * 1000000));
CREATE MATERIALIZED VIEW m AS SELECT b FROM t;
CREATE TABLE u (a integer, c integer);
