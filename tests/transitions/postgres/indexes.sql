-- Indexes.

-- case: an index is added
-- both
CREATE TABLE t (a integer, b text);
-- after
CREATE INDEX t_a ON t (a);

-- case: an index is dropped
-- both
CREATE TABLE t (a integer, b text);
-- before
CREATE INDEX t_a ON t (a);

-- case: an index becomes unique
-- both
CREATE TABLE t (a integer, b text);
-- before
CREATE INDEX t_a ON t (a);
-- after
CREATE UNIQUE INDEX t_a ON t (a);

-- case: an index changes its order
-- both
CREATE TABLE t (a integer, b text);
-- before
CREATE INDEX t_a ON t (a, b);
-- after
CREATE INDEX t_a ON t (a DESC NULLS LAST, b ASC NULLS FIRST);

-- case: an index becomes partial
-- golden: partial_index
-- both
CREATE TABLE t (a integer, b text, gone boolean);
-- before
CREATE UNIQUE INDEX t_a ON t (a);
-- after
CREATE UNIQUE INDEX t_a ON t (a) WHERE NOT gone AND b <> 'x';

-- case: an index over expressions is added
-- both
CREATE TABLE t (a integer, b text, c jsonb);
-- after
CREATE INDEX t_lower ON t (lower(b), (a + 1) DESC);
CREATE INDEX t_path ON t ((c ->> 'name')) WHERE c ? 'name';

-- case: an index includes columns
-- both
CREATE TABLE t (a integer, b text, c jsonb);
-- before
CREATE INDEX t_a ON t (a) INCLUDE (b);
-- after
CREATE INDEX t_a ON t (a) INCLUDE (c, b);

-- case: a unique index takes one NULL only
-- from: 15
-- both
CREATE TABLE t (a integer);
-- before
CREATE UNIQUE INDEX t_a ON t (a);
-- after
CREATE UNIQUE INDEX t_a ON t (a) NULLS NOT DISTINCT;

-- case: an index gets an operator class
-- both
CREATE TABLE t (a text, b varchar(20));
-- before
CREATE INDEX t_a ON t (a);
-- after
CREATE INDEX t_a ON t (a text_pattern_ops);
CREATE INDEX t_b ON t (b varchar_pattern_ops DESC);

-- case: an index gets a collation
-- both
CREATE TABLE t (a text);
-- before
CREATE INDEX t_a ON t (a);
-- after
CREATE INDEX t_a ON t (a COLLATE "C");

-- case: indexes of all methods are added
-- both
CREATE TABLE t (a integer, b text, c jsonb, d int4range, e point, f inet, g text[], h tsvector);
-- after
CREATE INDEX i1 ON t USING hash (b);
CREATE INDEX i2 ON t USING gin (c jsonb_path_ops);
CREATE INDEX i3 ON t USING gin (g);
CREATE INDEX i4 ON t USING gist (d, e);
CREATE INDEX i5 ON t USING spgist (f);
CREATE INDEX i6 ON t USING brin (a) WITH (pages_per_range = 16);
CREATE INDEX i7 ON t USING gin (h) WITH (fastupdate = off);
CREATE INDEX i8 ON t USING spgist (e kd_point_ops);

-- case: an index changes its method
-- both
CREATE TABLE t (a text);
-- before
CREATE INDEX t_a ON t (a);
-- after
CREATE INDEX t_a ON t USING hash (a);

-- case: an operator class gets parameters
-- both
CREATE TABLE t (a tsvector);
-- before
CREATE INDEX t_a ON t USING gist (a);
-- after
CREATE INDEX t_a ON t USING gist (a tsvector_ops (siglen = 100));

-- case: the options of an index change
-- both
CREATE TABLE t (a integer);
-- before
CREATE INDEX t_a ON t (a) WITH (fillfactor = 70, deduplicate_items = off);
-- after
CREATE INDEX t_a ON t (a) WITH (fillfactor = 80);

-- case: the statistics target of an index expression changes
-- both
CREATE TABLE t (a text, b text);
-- before
CREATE INDEX t_a ON t (lower(a), upper(b));
ALTER INDEX t_a ALTER COLUMN 1 SET STATISTICS 50;
-- after
CREATE INDEX t_a ON t (lower(a), upper(b));
ALTER INDEX t_a ALTER COLUMN 1 SET STATISTICS 60;
ALTER INDEX t_a ALTER COLUMN 2 SET STATISTICS 70;

-- case: an index with a statistics target and a comment changes
-- both
CREATE TABLE t (a text);
-- before
CREATE INDEX t_a ON t (lower(a));
ALTER INDEX t_a ALTER COLUMN 1 SET STATISTICS 50;
COMMENT ON INDEX t_a IS 'said';
-- after
CREATE INDEX t_a ON t (upper(a));
ALTER INDEX t_a ALTER COLUMN 1 SET STATISTICS 50;
COMMENT ON INDEX t_a IS 'said';

-- case: an index over a function of the user
-- from: 14
-- before
CREATE TABLE t (a text);
-- after
CREATE FUNCTION plain(text) RETURNS text IMMUTABLE STRICT LANGUAGE sql RETURN lower(btrim($1));
CREATE TABLE t (a text);
CREATE UNIQUE INDEX t_plain ON t (plain(a));

-- case: the function of an index changes its body
-- before
CREATE FUNCTION plain(text) RETURNS text IMMUTABLE STRICT LANGUAGE plpgsql AS $$ BEGIN RETURN lower($1); END $$;
CREATE TABLE t (a text);
CREATE INDEX t_plain ON t (plain(a));
-- after
CREATE FUNCTION plain(text) RETURNS text IMMUTABLE STRICT LANGUAGE plpgsql AS $$ BEGIN RETURN upper($1); END $$;
CREATE TABLE t (a text);
CREATE INDEX t_plain ON t (plain(a));

-- case: the function of an index changes its result
-- from: 14
-- before
CREATE FUNCTION plain(text) RETURNS text IMMUTABLE STRICT LANGUAGE sql RETURN lower(btrim($1));
CREATE TABLE t (a text);
CREATE INDEX t_plain ON t (plain(a));
-- after
CREATE FUNCTION plain(text) RETURNS integer IMMUTABLE STRICT LANGUAGE sql RETURN length($1);
CREATE TABLE t (a text);
CREATE INDEX t_plain ON t (plain(a));

-- case: an index of a list of varchars
-- before
CREATE TABLE t (a integer, kind varchar(9));
-- after
CREATE TABLE t (a integer, kind varchar(9));
CREATE INDEX t_a ON t (a) WHERE kind IN ('x', 'y');

-- case: two indexes swap their names
-- both
CREATE TABLE t (a integer, b integer);
-- before
CREATE INDEX i ON t (a);
CREATE INDEX j ON t (b);
-- after
CREATE INDEX i ON t (b);
CREATE INDEX j ON t (a);

-- case: an index moves to another table
-- both
CREATE TABLE t (a integer);
CREATE TABLE u (a integer);
-- before
CREATE INDEX i ON t (a);
-- after
CREATE INDEX i ON u (a);

-- case: an index of the trigrams of a text
-- both
CREATE TABLE t (a text);
-- after
CREATE EXTENSION pg_trgm;
CREATE INDEX t_a ON t USING gin (a gin_trgm_ops);

-- case: an index over a whole row
-- both
CREATE TABLE t (a integer, b integer);
-- after
CREATE INDEX t_row ON t ((t.*));

-- case: a column of a statistics object goes and comes back
-- before
CREATE TABLE t (a integer, b integer);
CREATE STATISTICS s ON a, b FROM t;
-- after
CREATE TABLE t (b integer);

-- case: options of indexes change in place
-- golden: options_of_indexes
-- before
CREATE TABLE t (a integer, b text);
CREATE INDEX more ON t (a);
CREATE INDEX fewer ON t (a) WITH (fillfactor = 70, deduplicate_items = off) WHERE a > 5;
CREATE UNIQUE INDEX other ON t (lower(b)) INCLUDE (a) WITH (fillfactor = 70);
CREATE INDEX both_of ON t (b) WITH (fillfactor = 70);
-- after
CREATE TABLE t (a integer, b text);
CREATE INDEX more ON t (a) WITH (fillfactor = 80);
CREATE INDEX fewer ON t (a) WITH (fillfactor = 70) WHERE a > 5;
CREATE UNIQUE INDEX other ON t (lower(b)) INCLUDE (a) WITH (fillfactor = 90);
CREATE INDEX both_of ON t (b, a) WITH (fillfactor = 60);

-- case: options of indexes of partitioned tables change
-- before
CREATE TABLE t (a integer) PARTITION BY LIST (a);
CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
CREATE INDEX i ON t (a);
-- after
CREATE TABLE t (a integer) PARTITION BY LIST (a);
CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
CREATE INDEX i ON t (a) WITH (fillfactor = 80);
