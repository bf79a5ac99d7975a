//! Things that stand beside the tables of a schema, each in several forms: kinds of objects that the
//! model doesn't have.

/// The forms of each thing. Where there is none, the form is empty.
pub(super) const EXTRAS: &[&[&str]] = &[
    // Composite types.
    &[
        "CREATE TYPE e_pair AS (a integer, b text);
         CREATE TABLE e_pairs (id integer, p e_pair);",
        "CREATE TYPE e_pair AS (a integer, b text, c boolean);
         CREATE TABLE e_pairs (id integer, p e_pair);",
        "CREATE TYPE e_pair AS (a bigint, b text);
         CREATE TABLE e_pairs (id integer, p e_pair, CHECK ((p).a > 0));",
        "CREATE TYPE e_pair AS (b text);
         CREATE TABLE e_pairs (id integer NOT NULL, p e_pair DEFAULT ROW('x'), q e_pair[]);",
    ],
    // Ranges.
    &[
        "CREATE TYPE e_span AS RANGE (subtype = integer);
         CREATE TABLE e_spans (s e_span, EXCLUDE USING gist (s WITH &&));",
        "CREATE TYPE e_span AS RANGE (subtype = integer);
         CREATE TABLE e_spans (s e_span NOT NULL, t int4range);",
        "CREATE TABLE e_spans (s int4range, EXCLUDE USING gist (s WITH &&) WHERE (NOT isempty(s)));",
    ],
    // Partitions.
    &[
        "CREATE TABLE e_log (at date, n integer) PARTITION BY RANGE (at);
         CREATE TABLE e_log_1 PARTITION OF e_log FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');",
        "CREATE TABLE e_log (at date, n integer) PARTITION BY RANGE (at);
         CREATE TABLE e_log_1 PARTITION OF e_log FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
         CREATE TABLE e_log_2 PARTITION OF e_log FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
         CREATE INDEX e_log_n ON e_log (n);",
        "CREATE TABLE e_log (at date, n bigint NOT NULL DEFAULT 7, PRIMARY KEY (at, n)) PARTITION BY RANGE (at);
         CREATE TABLE e_log_1 PARTITION OF e_log FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
         ALTER TABLE e_log_1 ADD CONSTRAINT e_low CHECK (n < 100);",
        "CREATE TABLE e_log (at date, n integer, more text) PARTITION BY RANGE (at);
         CREATE TABLE e_log_1 PARTITION OF e_log FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
         CREATE UNIQUE INDEX e_log_u ON e_log_1 (n);
         ALTER TABLE e_log ADD CHECK (n > 0);",
        "CREATE TABLE e_log_1 (at date, n integer);
         CREATE INDEX e_log_n ON e_log_1 (n);",
    ],
    &[
        "CREATE TABLE e_part (k text, n integer) PARTITION BY LIST (k);
         CREATE TABLE e_part_a PARTITION OF e_part FOR VALUES IN ('a', 'b');
         CREATE TABLE e_part_z PARTITION OF e_part DEFAULT;",
        "CREATE TABLE e_part (k text, n integer, m integer GENERATED ALWAYS AS (n + 1) STORED) PARTITION BY LIST (k);
         CREATE TABLE e_part_a PARTITION OF e_part FOR VALUES IN ('a', 'b');
         CREATE TABLE e_part_z PARTITION OF e_part DEFAULT;",
        "CREATE TABLE e_part (k text, n integer) PARTITION BY LIST (k);
         CREATE TABLE e_part_a PARTITION OF e_part FOR VALUES IN ('a') PARTITION BY HASH (n);
         CREATE TABLE e_part_a0 PARTITION OF e_part_a FOR VALUES WITH (MODULUS 2, REMAINDER 0);
         CREATE TABLE e_part_a1 PARTITION OF e_part_a FOR VALUES WITH (MODULUS 2, REMAINDER 1);",
        "CREATE TABLE e_part (k text, n integer) PARTITION BY LIST (k);",
    ],
    // Inheritance.
    &[
        "CREATE TABLE e_base (id integer, name text);
         CREATE TABLE e_heir (size numeric) INHERITS (e_base);",
        "CREATE TABLE e_base (id integer, name text, more date DEFAULT '2020-01-01', CHECK (id > 0));
         CREATE TABLE e_heir (size numeric) INHERITS (e_base);",
        "CREATE TABLE e_base (id bigint NOT NULL, CHECK (id <> 9) NO INHERIT);
         CREATE TABLE e_heir (size numeric) INHERITS (e_base);
         ALTER TABLE e_heir ALTER id SET DEFAULT 5;",
    ],
    // Foreign keys.
    &[
        "CREATE TABLE e_up (id integer PRIMARY KEY, code text UNIQUE);
         CREATE TABLE e_down (up integer REFERENCES e_up);",
        "CREATE TABLE e_up (id integer PRIMARY KEY, code text UNIQUE);
         CREATE TABLE e_down (up integer REFERENCES e_up ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED);",
        "CREATE TABLE e_up (id bigint PRIMARY KEY, code text UNIQUE);
         CREATE TABLE e_down (up bigint NOT NULL REFERENCES e_up ON UPDATE CASCADE, code text REFERENCES e_up (code) ON DELETE SET NULL);",
        "CREATE TABLE e_up (id integer PRIMARY KEY, up integer REFERENCES e_up);
         CREATE TABLE e_down (up integer);
         ALTER TABLE e_down ADD CONSTRAINT e_late FOREIGN KEY (up) REFERENCES e_up NOT VALID;",
        "CREATE TABLE e_down (up integer);",
        "CREATE TABLE e_up (a integer, b text, PRIMARY KEY (a, b));
         CREATE TABLE e_down (up integer, b text DEFAULT 'b', FOREIGN KEY (up, b) REFERENCES e_up (a, b) MATCH FULL);",
    ],
    // What is said of tables and columns.
    &[
        "CREATE TABLE e_said (a text, b integer);",
        "CREATE UNLOGGED TABLE e_said (a text, b integer);
         ALTER TABLE e_said ALTER a SET STORAGE EXTERNAL, ALTER b SET STATISTICS 50;",
        "CREATE TABLE e_said (a varchar(30), b integer NOT NULL);
         CREATE UNIQUE INDEX e_said_b ON e_said (b);
         ALTER TABLE e_said REPLICA IDENTITY USING INDEX e_said_b, ALTER a SET STORAGE MAIN;
         ALTER TABLE e_said CLUSTER ON e_said_b;",
        "CREATE TABLE e_said (a text, b bigint);
         ALTER TABLE e_said REPLICA IDENTITY FULL, ALTER b SET (n_distinct = 5);
         COMMENT ON TABLE e_said IS 'said';",
    ],
    // Row security and rules.
    &[
        "CREATE TABLE e_rows (id integer, owner text);
         ALTER TABLE e_rows ENABLE ROW LEVEL SECURITY;
         CREATE POLICY mine ON e_rows USING (owner = current_user);",
        "CREATE TABLE e_rows (id integer, owner varchar);
         ALTER TABLE e_rows FORCE ROW LEVEL SECURITY;
         CREATE POLICY mine ON e_rows AS RESTRICTIVE FOR UPDATE USING (id > 0) WITH CHECK (owner <> '');",
        "CREATE TABLE e_rows (id bigint, owner text);
         CREATE POLICY mine ON e_rows FOR INSERT WITH CHECK (id IN (SELECT max(r.id) FROM e_rows r));
         CREATE RULE quiet AS ON DELETE TO e_rows DO INSTEAD NOTHING;",
        "CREATE TABLE e_rows (id integer, owner text);
         CREATE RULE quiet AS ON DELETE TO e_rows WHERE old.id > 3 DO ALSO UPDATE e_rows SET owner = '' WHERE id = 0;
         ALTER TABLE e_rows DISABLE RULE quiet;",
    ],
    // Triggers.
    &[
        "CREATE TABLE e_fired (a integer, b text);
         CREATE TRIGGER t_one BEFORE INSERT ON e_fired FOR EACH ROW EXECUTE FUNCTION noted();",
        "CREATE TABLE e_fired (a integer, b text);
         CREATE TRIGGER t_one BEFORE INSERT OR UPDATE OF a ON e_fired FOR EACH ROW WHEN (new.a > 1) EXECUTE FUNCTION noted('x');
         ALTER TABLE e_fired DISABLE TRIGGER t_one;",
        "CREATE TABLE e_fired (a bigint, b text);
         CREATE CONSTRAINT TRIGGER t_one AFTER UPDATE ON e_fired DEFERRABLE FOR EACH ROW EXECUTE FUNCTION noted();
         CREATE TRIGGER t_two AFTER DELETE ON e_fired REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION noted();
         ALTER TABLE e_fired ENABLE ALWAYS TRIGGER t_two;",
        "CREATE TABLE e_fired (a integer);
         CREATE VIEW e_seen AS SELECT a FROM e_fired;
         CREATE TRIGGER t_one INSTEAD OF INSERT ON e_seen FOR EACH ROW EXECUTE FUNCTION noted();",
    ],
    // Routines.
    &[
        "CREATE FUNCTION e_add(a integer, b integer) RETURNS integer LANGUAGE sql AS 'SELECT a + b';
         CREATE AGGREGATE e_sum(integer) (SFUNC = e_add, STYPE = integer, INITCOND = '0');",
        "CREATE FUNCTION e_add(a integer, b integer) RETURNS integer LANGUAGE sql STRICT AS 'SELECT a + b';
         CREATE AGGREGATE e_sum(integer) (SFUNC = e_add, STYPE = integer);",
        "CREATE FUNCTION e_add(x bigint, b integer) RETURNS bigint LANGUAGE sql AS 'SELECT x + b';
         CREATE AGGREGATE e_sum(integer) (SFUNC = e_add, STYPE = bigint, INITCOND = '1');
         CREATE VIEW e_all AS SELECT e_sum(n) FROM (VALUES (1), (2)) v (n);",
        "CREATE FUNCTION e_add(a integer, OUT b integer, OUT c text) LANGUAGE sql AS 'SELECT a, ''c''';
         CREATE PROCEDURE e_do(a integer, INOUT b text DEFAULT 'x') LANGUAGE plpgsql AS 'BEGIN b := a; END';",
        "CREATE PROCEDURE e_do(a integer) LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS 'BEGIN NULL; END';",
    ],
    // Sequences and identities.
    &[
        "CREATE TABLE e_count (a integer GENERATED ALWAYS AS IDENTITY (START WITH 5), b integer);",
        "CREATE TABLE e_count (a bigint GENERATED BY DEFAULT AS IDENTITY (INCREMENT BY 2 MAXVALUE 100000), b integer);",
        "CREATE TABLE e_count (a serial, b integer);",
        "CREATE SEQUENCE e_free AS smallint;
         CREATE TABLE e_count (a integer NOT NULL DEFAULT nextval('e_free'), b integer);
         ALTER SEQUENCE e_free OWNED BY e_count.a;",
        "CREATE SEQUENCE e_free START WITH 9;
         CREATE TABLE e_count (a integer, b integer DEFAULT nextval('e_free'));",
    ],
    // Indexes.
    &[
        "CREATE TABLE e_found (a integer, b text, c jsonb, d tsvector);
         CREATE INDEX e_found_a ON e_found (a DESC NULLS LAST) INCLUDE (b);
         CREATE INDEX e_found_c ON e_found USING gin (c jsonb_path_ops);",
        "CREATE TABLE e_found (a integer, b text, c jsonb, d tsvector);
         CREATE INDEX e_found_a ON e_found USING brin (a) WITH (pages_per_range = 4);
         CREATE INDEX e_found_c ON e_found USING gin (c);
         CREATE INDEX e_found_b ON e_found (lower(b) text_pattern_ops) WHERE a > 0;
         ALTER INDEX e_found_b ALTER 1 SET STATISTICS 40;",
        "CREATE TABLE e_found (a bigint, b varchar(30), c jsonb, d tsvector GENERATED ALWAYS AS (to_tsvector('english', b)) STORED);
         CREATE UNIQUE INDEX e_found_a ON e_found (a, (b || 'x')) WHERE b IN ('a', 'b');
         CREATE INDEX e_found_d ON e_found USING gist (d);",
    ],
    // Views.
    &[
        "CREATE TABLE e_seen_of (a integer, b text);
         CREATE VIEW e_v1 AS SELECT a, b FROM e_seen_of;
         CREATE VIEW e_v2 AS SELECT a FROM e_v1;",
        "CREATE TABLE e_seen_of (a bigint, b text);
         CREATE VIEW e_v1 WITH (security_barrier) AS SELECT a, b FROM e_seen_of WHERE a > 0;
         CREATE VIEW e_v2 AS SELECT a FROM e_v1;
         COMMENT ON VIEW e_v2 IS 'two';",
        "CREATE TABLE e_seen_of (a integer, b text);
         CREATE VIEW e_v1 AS SELECT b, a FROM e_seen_of WITH CASCADED CHECK OPTION;
         CREATE MATERIALIZED VIEW e_m AS SELECT a FROM e_v1;
         CREATE UNIQUE INDEX e_m_a ON e_m (a);",
        "CREATE TABLE e_seen_of (a integer, b text);
         CREATE MATERIALIZED VIEW e_v1 WITH (fillfactor = 80) AS SELECT a, b FROM e_seen_of WITH NO DATA;
         CREATE VIEW e_v2 AS SELECT count(*) AS a FROM e_v1;",
    ],
    // Domains.
    &[
        "CREATE DOMAIN e_dom AS integer CHECK (VALUE > 0);
         CREATE TABLE e_of_dom (d e_dom);",
        "CREATE DOMAIN e_dom AS integer DEFAULT 4 NOT NULL CONSTRAINT small CHECK (VALUE < 1000);
         CREATE TABLE e_of_dom (d e_dom, e e_dom[]);",
        "CREATE DOMAIN e_dom AS bigint;
         CREATE TABLE e_of_dom (d e_dom DEFAULT 3, CHECK (d <> 9));
         CREATE VIEW e_doms AS SELECT d FROM e_of_dom;",
        "CREATE DOMAIN e_low AS integer;
         CREATE DOMAIN e_dom AS e_low CHECK (VALUE <> 8);
         CREATE TABLE e_of_dom (d e_dom);",
    ],
    // Collations, statistics, schemas, event triggers, extensions.
    &[
        "CREATE COLLATION e_coll (provider = libc, locale = 'C');
         CREATE TABLE e_text (a text COLLATE e_coll);",
        "CREATE COLLATION e_coll (provider = libc, locale = 'POSIX');
         CREATE TABLE e_text (a text COLLATE e_coll, b varchar COLLATE \"C\");",
        "CREATE TABLE e_text (a text COLLATE \"C\", b varchar);",
    ],
    &[
        "CREATE TABLE e_much (a integer, b integer, c integer);
         CREATE STATISTICS e_stat (dependencies) ON a, b FROM e_much;",
        "CREATE TABLE e_much (a integer, b bigint, c integer);
         CREATE STATISTICS e_stat ON a, b, c FROM e_much;
         ALTER STATISTICS e_stat SET STATISTICS 9;",
        "CREATE TABLE e_much (a integer, b integer, c integer);
         CREATE STATISTICS e_stat ON (a + b), c FROM e_much;",
    ],
    &[
        "CREATE SCHEMA e_far;
         CREATE TYPE e_far.state AS ENUM ('on', 'off');
         CREATE TABLE e_far.t (s e_far.state DEFAULT 'on');
         CREATE VIEW e_near AS SELECT s FROM e_far.t;",
        "CREATE SCHEMA e_far;
         CREATE TYPE e_far.state AS ENUM ('on', 'between', 'off');
         CREATE TABLE e_far.t (s e_far.state DEFAULT 'between', n integer);
         CREATE VIEW e_near AS SELECT s FROM e_far.t;",
        "CREATE SCHEMA e_far;
         CREATE TYPE e_far.state AS ENUM ('on');
         CREATE TABLE e_far.t (s e_far.state CHECK (s = 'on'));
         COMMENT ON SCHEMA e_far IS 'far';",
    ],
    &[
        "CREATE FUNCTION e_watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
         CREATE EVENT TRIGGER e_drop ON sql_drop EXECUTE FUNCTION e_watch();",
        "CREATE FUNCTION e_watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN NULL; END';
         CREATE EVENT TRIGGER e_drop ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION e_watch();
         ALTER EVENT TRIGGER e_drop DISABLE;",
    ],
    &[
        "CREATE EXTENSION pgcrypto;
         CREATE TABLE e_secret (a text DEFAULT gen_salt('bf'), b bytea);",
        "CREATE EXTENSION pgcrypto SCHEMA away;
         CREATE TABLE e_secret (a text, b bytea DEFAULT away.gen_random_bytes(4));",
        "CREATE TABLE e_secret (a text, b bytea);",
    ],
];
