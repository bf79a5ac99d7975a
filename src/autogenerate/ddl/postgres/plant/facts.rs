//! The tables of a database, as far as rows are made for them.

use std::collections::{BTreeMap, BTreeSet};

use crate::autogenerate::ddl::postgres::names::quoted;
use crate::autogenerate::ddl::postgres::plant::types::Typed;
use crate::database::{Connection, DatabaseError, Values as _};
use crate::sql::{Dialect, Lexer};

/// The tables, temporary ones too.
const RELATIONS: &str = "
    SELECT c.oid, n.nspname, c.relname, pg_catalog.format('%I.%I', n.nspname, c.relname), c.relkind,
        n.oid = pg_catalog.pg_my_temp_schema()
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p')
        AND (n.nspname !~ '^pg_' OR n.oid = pg_catalog.pg_my_temp_schema())
    ORDER BY c.oid";

const COLUMNS: &str = "
    SELECT a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod, a.attnotnull, a.atthasdef,
        a.attidentity <> '', a.attgenerated <> '', a.attgenerated = 'v'
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
    WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attrelid, a.attnum";

const CHECKS: &str = "
    SELECT conrelid, conkey, pg_catalog.pg_get_expr(conbin, conrelid)
    FROM pg_catalog.pg_constraint WHERE contype = 'c' AND conrelid <> 0 ORDER BY oid";

/// The bounds of partitions; for a table the conditions of the partitions in which its rows can be, with
/// what those demand for themselves: one of them must hold.
const BOUNDS: &str = "
    SELECT c.oid, pg_catalog.string_agg('(' || pg_catalog.concat_ws(' AND ',
        '(' || pg_catalog.pg_get_partition_constraintdef(t.relid) || ')',
        (SELECT pg_catalog.string_agg('((' || pg_catalog.pg_get_expr(k.conbin, k.conrelid)
                || ') IS NOT FALSE)', ' AND ')
            FROM pg_catalog.pg_constraint k
            WHERE k.conrelid = t.relid AND k.contype = 'c' AND k.coninhcount = 0),
        (SELECT pg_catalog.string_agg('(' || pg_catalog.quote_ident(a.attname) || ' IS NOT NULL)',
                ' AND ')
            FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_attribute r
                ON r.attrelid = c.oid AND r.attname = a.attname AND NOT r.attnotnull
            WHERE a.attrelid = t.relid AND a.attnum > 0 AND a.attnotnull)) || ')', ' OR ')
    FROM pg_catalog.pg_class c CROSS JOIN LATERAL pg_catalog.pg_partition_tree(c.oid) t
    WHERE c.relkind = 'p' AND NOT c.relispartition AND t.isleaf
    GROUP BY c.oid
    UNION ALL SELECT oid, pg_catalog.pg_get_partition_constraintdef(oid)
    FROM pg_catalog.pg_class
    WHERE relkind = 'r' AND relispartition
        AND pg_catalog.pg_get_partition_constraintdef(oid) IS NOT NULL";

/// The foreign keys, those to the partitions of what a table refers to left out.
const FOREIGN_KEYS: &str = "
    SELECT conrelid, conkey, confrelid, confkey FROM pg_catalog.pg_constraint k
    WHERE contype = 'f' AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint p
        WHERE p.oid = k.conparentid AND p.conrelid = k.conrelid)
    ORDER BY oid";

/// The columns that take part in a rule about several rows.
const KEYS: &str = "
    SELECT indrelid, indkey FROM pg_catalog.pg_index WHERE indisunique OR indisexclusion";

/// The number of a table in the server's catalog.
pub(super) type TableId = u32;

/// A table of a database.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    pub(super) schema: String,
    pub(super) name: String,
    /// The name as it stands in statements.
    pub(super) written: String,
    pub(super) is_partitioned: bool,
    pub(super) is_temporary: bool,
    pub(super) columns: Vec<Column>,
    pub(super) checks: Vec<Check>,
    pub(super) foreign_keys: Vec<ForeignKey>,
    /// The names of the columns of which two rows may not have the same values.
    pub(super) keys: BTreeSet<String>,
}

/// A column of a table.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about the column")]
pub(super) struct Column {
    pub(super) number: i32,
    pub(super) name: String,
    pub(super) typed: Typed,
    pub(super) is_required: bool,
    /// Whether a row that says nothing gets a default or a number.
    pub(super) has_default: bool,
    pub(super) is_generated: bool,
    /// Whether the value is computed whenever it is read.
    pub(super) is_virtual: bool,
}

/// A condition on the rows of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Check {
    /// The names of the columns that the condition mentions.
    pub(super) columns: Vec<String>,
    pub(super) condition: String,
}

/// A foreign key of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ForeignKey {
    pub(super) columns: Vec<String>,
    pub(super) parent: TableId,
    /// The names of the columns in the parent.
    pub(super) target: Vec<String>,
}

/// All tables of a database.
#[derive(Debug, Default)]
pub(super) struct Tables {
    all: BTreeMap<TableId, Table>,
    /// The ids by schema and name; those of temporary tables without a schema.
    names: BTreeMap<(String, String), TableId>,
}

impl Tables {
    pub(super) fn read(connection: &mut dyn Connection) -> Result<Self, DatabaseError> {
        let mut res = Self::default();
        for row in connection.query(RELATIONS)? {
            let table = Table {
                schema: row.text(1).to_owned(),
                name: row.text(2).to_owned(),
                written: row.text(3).to_owned(),
                is_partitioned: row.text(4) == "p",
                is_temporary: row.flag(5),
                ..Table::default()
            };
            res.add(id(row.text(0)), table);
        }
        for row in connection.query(COLUMNS)? {
            let modifier = row.text(4).parse().unwrap_or(-1);
            let column = Column {
                number: row.text(1).parse().unwrap_or_default(),
                name: row.text(2).to_owned(),
                typed: Typed { id: id(row.text(3)), modifier },
                is_required: row.flag(5),
                has_default: row.flag(6) || row.flag(7),
                is_generated: row.flag(8),
                is_virtual: row.flag(9),
            };
            res.at(row.text(0), |it| it.columns.push(column));
        }
        for row in connection.query(CHECKS)? {
            res.at(row.text(0), |it| {
                let columns = it.named(row.text(1));
                it.checks.push(Check { columns, condition: row.text(2).to_owned() });
            });
        }
        for row in connection.query(BOUNDS)? {
            res.at(row.text(0), |it| {
                let (columns, condition) = (it.mentioned(row.text(1)), row.text(1).to_owned());
                it.checks.push(Check { columns, condition });
            });
        }
        for row in connection.query(KEYS)? {
            res.at(row.text(0), |it| it.keys.extend(it.named(row.text(1))));
        }
        for row in connection.query(FOREIGN_KEYS)? {
            let parent = id(row.text(2));
            let target = res.get(parent).map(|it| it.named(row.text(3))).unwrap_or_default();
            res.at(row.text(0), |it| {
                let columns = it.named(row.text(1));
                it.foreign_keys.push(ForeignKey { columns, parent, target });
            });
        }
        Ok(res)
    }

    fn add(&mut self, id: TableId, table: Table) {
        let schema = if table.is_temporary { String::new() } else { table.schema.clone() };
        self.names.insert((schema, table.name.clone()), id);
        self.all.insert(id, table);
    }

    fn at(&mut self, table: &str, change: impl FnOnce(&mut Table)) {
        if let Some(it) = self.all.get_mut(&id(table)) {
            change(it);
        }
    }

    pub(super) fn get(&self, id: TableId) -> Option<&Table> {
        self.all.get(&id)
    }

    /// Finds a table by its schema and name.
    pub(super) fn find(&self, schema: &str, name: &str) -> Option<&Table> {
        self.get(*self.names.get(&(schema.to_owned(), name.to_owned()))?)
    }

    /// Finds a temporary table by its name.
    pub(super) fn temporary(&self, name: &str) -> Option<&Table> {
        self.get(*self.names.get(&(String::new(), name.to_owned()))?)
    }
}

impl Table {
    pub(super) fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|it| it.name == name)
    }

    /// Returns the names of columns from a list of their numbers: `{1,2}`, `1 2`.
    fn named(&self, numbers: &str) -> Vec<String> {
        let numbers = numbers.split(|it: char| !it.is_ascii_digit() && it != '-');
        let numbers = numbers.filter_map(|it| it.parse::<i32>().ok());
        let column = |number| self.columns.iter().find(|it| it.number == number);
        numbers.filter_map(column).map(|it| it.name.clone()).collect()
    }

    /// Returns the names of the columns that a condition mentions.
    fn mentioned(&self, condition: &str) -> Vec<String> {
        let tokens = Lexer::new(condition, Dialect::Postgres).map_while(Result::ok);
        let words: BTreeSet<&str> = tokens.map(|it| it.text).collect();
        let is_in = |it: &&Column| words.contains(&*quoted(&it.name));
        self.columns.iter().filter(is_in).map(|it| it.name.clone()).collect()
    }

    /// Writes the table as a source of rows, its own ones only.
    pub(super) fn source(&self) -> String {
        let only = if self.is_partitioned { "" } else { "ONLY " };
        format!("{only}{}", self.written)
    }
}

fn id(text: &str) -> TableId {
    text.parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_by_their_numbers() {
        let column = |number, name: &str| Column {
            number,
            name: name.to_owned(),
            typed: Typed { id: 23, modifier: -1 },
            is_required: false,
            has_default: false,
            is_generated: false,
            is_virtual: false,
        };
        let table = Table { columns: vec![column(1, "a"), column(3, "b")], ..Table::default() };
        assert_eq!(table.named("{3,1}"), ["b", "a"]);
        assert_eq!(table.named("1 0 3"), ["a", "b"]);
        assert!(table.named("").is_empty());
        assert_eq!(table.mentioned("((b > 'a'::text) OR (c IS NULL))"), ["b"]);
    }
}
