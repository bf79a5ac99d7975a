//! Indexes of partitioned tables, which can't be built as a whole while these are in use: each partition's
//! is built by itself, and attached.

use crate::autogenerate::ddl::postgres::names::{full, quoted, schema};
use crate::autogenerate::ddl::postgres::online::words::{concurrently, split};
use crate::autogenerate::ddl::postgres::plan::rules::cut;
use crate::catalog::{COLUMNS, Catalog, EXPRESSION, Kind, Object};
use crate::inspect::postgres::attributes::{BOUND, DEFINITION, PARENTS, PARTITION_KEY};

/// Returns the statements that make an index of a table, partitioned or not, while it is in use.
pub(super) fn create(index: &Object, catalog: &Catalog) -> Vec<String> {
    let definition = index.written(DEFINITION);
    let name = index.id.name.as_str();
    let table = index.parent.as_ref().and_then(|it| catalog.get(it));
    let Some((table, pieces)) = table.filter(|it| it.says(PARTITION_KEY)).zip(split(definition))
    else {
        return vec![concurrently(definition, name)];
    };
    let (head, rest) = pieces;
    let tail = rest.find(" USING ").and_then(|at| rest.get(at..)).unwrap_or_default();
    let mut res = Vec::new();
    Builder { index, head, tail, catalog }.build(table, name, &mut res);
    res
}

/// An index while statements for it and its parts are written.
struct Builder<'a> {
    index: &'a Object,
    head: &'a str,
    /// The definition behind the table.
    tail: &'a str,
    catalog: &'a Catalog,
}

impl Builder<'_> {
    fn build(&self, table: &Object, name: &str, res: &mut Vec<String>) {
        let Self { head, tail, catalog, .. } = *self;
        let (own, whole) = (quoted(name), full(catalog, &table.id));
        if !table.says(PARTITION_KEY) {
            res.push(format!("{head}CONCURRENTLY {own} ON {whole}{tail}"));
            return;
        }
        res.push(format!("{head}{own} ON ONLY {whole}{tail}"));
        let is_part = |it: &&Object| it.says(BOUND) && it.list(PARENTS).contains(&whole);
        for partition in catalog.of_kind(Kind::Table).filter(is_part) {
            let part = self.name(partition);
            self.build(partition, &part, res);
            let (above, below) = (schema(catalog, &table.id), schema(catalog, &partition.id));
            let part = quoted(&part);
            res.push(format!("ALTER INDEX {above}.{own} ATTACH PARTITION {below}.{part}"));
        }
    }

    /// Returns the name that the server would give to the index of a partition.
    fn name(&self, partition: &Object) -> String {
        let columns = if self.index.says(EXPRESSION) {
            "expr".to_owned()
        } else {
            self.index.list(COLUMNS).join("_")
        };
        format!("{}_idx", cut(&format!("{}_{columns}", partition.id.name), 4))
    }
}
