//! What MySQL's and MariaDB's catalogs tell after a statement that they did not before it.

use limbeck::database::{Connection, Engine};
use limbeck::ledger::{Extent, Servers, catalog_digest, took_effect};
use limbeck::sql::{ObjectKind, ObjectName};

use crate::Bench;
use Extent::{Indexes, Presence, Shape};
use ObjectKind::{Event, Routine, Sequence, Table, Trigger, View};

/// Statements in an order in which each can run, with what each changes.
const STATEMENTS: [(Extent, ObjectKind, &str, &str); 46] = [
    (Presence, Table, "ä'n", "CREATE TABLE `ä'n` (id INT PRIMARY KEY, a INT, b VARCHAR(9))"),
    (Presence, Table, "u", "CREATE TABLE u (id INT PRIMARY KEY, t INT, a INT) COMMENT 'it''s'"),
    (Presence, Table, "ä'n", "RENAME TABLE `ä'n` TO t"),
    (Indexes, Table, "t", "CREATE INDEX i ON t (a)"),
    (Indexes, Table, "t", "DROP INDEX i ON t"),
    (Shape, Table, "t", "ALTER TABLE t ADD COLUMN c INT"),
    (Shape, Table, "t", "ALTER TABLE t MODIFY c BIGINT"),
    (Shape, Table, "t", "ALTER TABLE t MODIFY c BIGINT UNSIGNED"),
    (Shape, Table, "t", "ALTER TABLE t MODIFY c BIGINT UNSIGNED NOT NULL"),
    (Shape, Table, "t", "ALTER TABLE t ALTER c SET DEFAULT 7"),
    (Shape, Table, "t", "ALTER TABLE t ALTER c DROP DEFAULT"),
    (Shape, Table, "t", "ALTER TABLE t MODIFY c BIGINT NOT NULL DEFAULT 8 COMMENT 'ü''|#'"),
    (Shape, Table, "t", "ALTER TABLE t MODIFY c BIGINT AFTER id"),
    (Shape, Table, "t", "ALTER TABLE t CHANGE c `d'` BIGINT"),
    (Shape, Table, "t", "ALTER TABLE t ADD e INT GENERATED ALWAYS AS (a + 1) STORED"),
    (Shape, Table, "t", "ALTER TABLE t MODIFY e INT GENERATED ALWAYS AS (a + 2) STORED"),
    (Shape, Table, "t", "ALTER TABLE t MODIFY id INT AUTO_INCREMENT"),
    (Shape, Table, "t", "ALTER TABLE t ADD INDEX j (a, b(3))"),
    (Shape, Table, "t", "ALTER TABLE t DROP INDEX j, ADD INDEX j (b(3), a)"),
    (Shape, Table, "t", "ALTER TABLE t RENAME INDEX j TO k"),
    (Shape, Table, "t", "ALTER TABLE t ADD CONSTRAINT large CHECK (a > 1)"),
    (Shape, Table, "t", "ALTER TABLE t ADD CHECK (a > 2)"),
    (Shape, Table, "t", "ALTER TABLE t ADD CHECK (a > 2)"),
    (Shape, Table, "t", "ALTER TABLE t DROP CONSTRAINT large"),
    (Shape, Table, "u", "ALTER TABLE u ADD CONSTRAINT of_t FOREIGN KEY (t) REFERENCES t (id)"),
    (Shape, Table, "t", "ALTER TABLE t COMMENT 'a table'"),
    (Shape, Table, "t", "ALTER TABLE t ROW_FORMAT = COMPRESSED"),
    (Shape, Table, "t", "ALTER TABLE t CONVERT TO CHARACTER SET latin1"),
    (Shape, Table, "t", "ALTER TABLE t DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"),
    (Presence, View, "v", "CREATE VIEW v AS SELECT id FROM t"),
    (Shape, View, "v", "ALTER VIEW v AS SELECT id, 'ü' AS u FROM t"),
    (Shape, View, "v", "ALTER SQL SECURITY INVOKER VIEW v AS SELECT id, 'ü' AS u FROM t"),
    (Presence, View, "v", "DROP VIEW v"),
    (Presence, Trigger, "g", "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 'ü'"),
    (Presence, Trigger, "g", "DROP TRIGGER g"),
    (Presence, Routine, "p", "CREATE PROCEDURE p(a INT) BEGIN SELECT 'ü'; END"),
    (Presence, Routine, "p", "CREATE FUNCTION p() RETURNS INT DETERMINISTIC RETURN 1"),
    (Shape, Routine, "p", "ALTER FUNCTION p SQL SECURITY INVOKER"),
    (Presence, Routine, "p", "DROP FUNCTION p"),
    (Presence, Event, "e", "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DISABLE DO SELECT 'ü'"),
    (Shape, Event, "e", "ALTER EVENT e ON SCHEDULE EVERY 2 DAY"),
    (Shape, Event, "e", "ALTER EVENT e RENAME TO f"),
    (Presence, Table, "u", "ALTER TABLE u RENAME TO w"),
    (Shape, Table, "w", "ALTER TABLE w DROP FOREIGN KEY of_t"),
    (Shape, Table, "w", "ALTER TABLE w PARTITION BY HASH (id) PARTITIONS 3"),
    (Presence, Table, "w", "DROP TABLE w"),
];

/// Statements that keep all names and change what stands under one.
const UNDER_A_NAME: [(Extent, ObjectKind, &str, &str); 37] = [
    (Presence, Table, "p", "CREATE TABLE p (id INT, k INT UNIQUE, PRIMARY KEY (id))"),
    (Presence, Table, "a*/b", "CREATE TABLE `a*/b` (a INT, b INT, c INT, KEY k (a))"),
    (Shape, Table, "a*/b", "ALTER TABLE `a*/b` ADD CONSTRAINT large CHECK (a > 1)"),
    (
        Shape,
        Table,
        "a*/b",
        "ALTER TABLE `a*/b` DROP CONSTRAINT large, ADD CONSTRAINT large CHECK (a > 2)",
    ),
    (Shape, Table, "a*/b", "ALTER TABLE `a*/b` MODIFY b INT CHECK (b > 1)"),
    (Shape, Table, "a*/b", "ALTER TABLE `a*/b` MODIFY b INT CHECK (b > 2)"),
    (Shape, Table, "a*/b", "ALTER TABLE `a*/b` MODIFY b INT"),
    (Shape, Table, "a*/b", "ALTER TABLE `a*/b` DROP KEY k, ADD KEY k (a DESC)"),
    (Shape, Table, "a*/b", "ALTER TABLE `a*/b` DROP KEY k, ADD KEY k (a DESC) COMMENT 'why'"),
    (Shape, Table, "a*/b", "ALTER TABLE `a*/b` ALTER KEY k IGNORED"),
    (Indexes, Table, "a*/b", "ALTER TABLE `a*/b` ALTER KEY k NOT IGNORED"),
    (Indexes, Table, "a*/b", "CREATE OR REPLACE INDEX k ON `a*/b` (a) COMMENT 'why'"),
    (Shape, Table, "a*/b", "ALTER TABLE `a*/b` ADD g INT AS (a + 1) VIRTUAL"),
    (Shape, Table, "a*/b", "ALTER TABLE `a*/b` DROP g, ADD g INT AS (a + 1) STORED"),
    (Shape, Table, "a*/b", "ALTER TABLE `a*/b` MODIFY g INT"),
    (
        Shape,
        Table,
        "c",
        "CREATE TABLE c (p INT, q INT, CONSTRAINT f FOREIGN KEY (p) REFERENCES p (id))",
    ),
    (
        Shape,
        Table,
        "c",
        "CREATE OR REPLACE TABLE c (p INT, q INT, CONSTRAINT f FOREIGN KEY (p) REFERENCES p (id) \
         ON DELETE CASCADE, KEY (q))",
    ),
    (
        Shape,
        Table,
        "c",
        "CREATE OR REPLACE TABLE c (p INT, q INT, CONSTRAINT f FOREIGN KEY (p) REFERENCES p (id) \
         ON DELETE CASCADE ON UPDATE SET NULL, KEY (q))",
    ),
    (
        Shape,
        Table,
        "c",
        "CREATE OR REPLACE TABLE c (p INT, q INT, CONSTRAINT f FOREIGN KEY (p) REFERENCES p (k) \
         ON DELETE CASCADE ON UPDATE SET NULL, KEY (q))",
    ),
    (Shape, Table, "c", "ALTER TABLE c DROP FOREIGN KEY f"),
    (Shape, Table, "c", "ALTER TABLE c PARTITION BY HASH (p) PARTITIONS 2"),
    (
        Shape,
        Table,
        "c",
        "ALTER TABLE c PARTITION BY RANGE (p) (PARTITION p0 VALUES LESS THAN MAXVALUE)",
    ),
    (
        Shape,
        Table,
        "c",
        "ALTER TABLE c PARTITION BY RANGE (p) (PARTITION p0 VALUES LESS THAN MAXVALUE COMMENT 'all')",
    ),
    (
        Shape,
        Table,
        "c",
        "ALTER TABLE c PARTITION BY RANGE (p) SUBPARTITION BY HASH (q) SUBPARTITIONS 1 \
         (PARTITION p0 VALUES LESS THAN MAXVALUE COMMENT 'all')",
    ),
    (Presence, Sequence, "s", "CREATE SEQUENCE s"),
    (Shape, Sequence, "s", "ALTER SEQUENCE s INCREMENT 5"),
    (Shape, Sequence, "s", "ALTER SEQUENCE s CYCLE"),
    (Shape, Sequence, "s", "ALTER SEQUENCE s MAXVALUE 500 NOCACHE"),
    (Presence, Sequence, "s", "DROP SEQUENCE s"),
    (Presence, View, "v", "CREATE VIEW v AS SELECT id FROM p"),
    (Shape, View, "v", "CREATE OR REPLACE ALGORITHM = TEMPTABLE VIEW v AS SELECT id FROM p"),
    (Presence, Routine, "r", "CREATE FUNCTION r() RETURNS INT RETURN 1"),
    (Shape, Routine, "r", "ALTER FUNCTION r COMMENT 'one'"),
    (Presence, Event, "e", "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DISABLE DO SELECT 1"),
    (Shape, Event, "e", "ALTER EVENT e ON COMPLETION PRESERVE"),
    (Shape, Event, "e", "ALTER EVENT e COMMENT 'daily'"),
    (Shape, Event, "e", "ALTER EVENT e ON SCHEDULE EVERY 1 DAY ENDS '2037-01-01'"),
];

/// Statements that the catalog tells nothing of, whatever it keeps count of.
const OTHERS: [&str; 5] = [
    "INSERT INTO t (a, b) VALUES (3, 'x'), (4, 'y')",
    "ANALYZE TABLE t",
    "OPTIMIZE TABLE t",
    "DELETE FROM t",
    "TRUNCATE TABLE t",
];

fn digest(connection: &mut dyn Connection, expression: &str) -> String {
    let rows = connection.query(&format!("SELECT {expression}")).unwrap();
    rows.into_iter().flatten().flatten().next().unwrap()
}

fn expression(extent: Extent, schema: Option<&str>, kind: ObjectKind, name: &str) -> String {
    let schema = schema.map(str::to_owned);
    let object = ObjectName { schema, name: name.to_owned(), kind };
    catalog_digest(Servers::Own, extent, &[object]).unwrap()
}

#[test]
fn the_catalog_tells_each_change_of_an_object() {
    let Some(server) = servers::mariadb() else { return };
    let mut bench = Bench::on(server.database());
    let schema = bench.database.name().to_owned();
    for (extent, kind, name, statement) in STATEMENTS.into_iter().chain(UNDER_A_NAME) {
        let expression = expression(extent, None, kind, name);
        let before = digest(&mut *bench, &expression);
        assert_eq!(digest(&mut *bench, &expression), before, "{statement}");
        bench.execute(statement).unwrap();
        let after = digest(&mut *bench, &expression);
        assert_eq!(took_effect(&before, &after), Some(true), "{statement}");
        let named = self::expression(extent, Some(&schema), kind, name);
        assert_eq!(digest(&mut *bench, &named), after, "{statement}");
        assert_eq!(digest(&mut *bench.other(), &expression), after, "{statement}");
    }
}

#[test]
fn the_catalog_tells_nothing_of_rows() {
    let Some(server) = servers::mariadb() else { return };
    let mut bench = Bench::on(server.database());
    let create = "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, a INT, b TEXT, KEY (a))";
    bench.execute(create).unwrap();
    if bench.engine() == Engine::MySql {
        bench.execute("SET SESSION information_schema_stats_expiry = 0").unwrap();
    }
    for extent in [Presence, Indexes, Shape] {
        let expression = expression(extent, None, Table, "t");
        let before = digest(&mut *bench, &expression);
        for statement in OTHERS {
            bench.execute(statement).unwrap();
            assert_eq!(digest(&mut *bench, &expression), before, "{statement}");
        }
    }
}
