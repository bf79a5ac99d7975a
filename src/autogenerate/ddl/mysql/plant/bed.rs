//! The databases through which a row goes.

use crate::autogenerate::ddl::Stage;
use crate::autogenerate::ddl::mysql::kinds;
use crate::autogenerate::ddl::mysql::names::quoted;
use crate::autogenerate::ddl::mysql::plant::{Ends, Pair};
use crate::autogenerate::{AutogenerateError, Scratch};
use crate::catalog::{Catalog, Kind, Name, Object};
use crate::database::{Connection, DatabaseError};
use crate::inspect::mysql::attributes::GENERATED;

/// The databases of a proof: all on one server, and reached by one session.
pub(super) struct Bed<'a> {
    pub(super) ends: Ends<'a>,
    pub(super) session: &'a mut dyn Connection,
    /// The names of the databases, in backticks.
    names: Names,
    /// The databases, which live as long as this value.
    _others: Vec<Box<dyn Scratch>>,
}

struct Names {
    present: String,
    /// The present tables without foreign keys: the place in which a row is made.
    draft: String,
    /// The wanted tables without foreign keys.
    turned: String,
    wanted: String,
    /// The present tables once more, for the rows as they are restored.
    returned: String,
}

impl<'a> Bed<'a> {
    pub(super) fn new(
        ends: Ends<'a>,
        present: &'a mut dyn Scratch,
        empty: &mut dyn Scratch,
    ) -> Result<Self, AutogenerateError> {
        let (draft, turned) = (without_keys(ends.from), without_keys(ends.to));
        let mut others = Vec::new();
        let mut make = |catalog: &Catalog| -> Result<String, AutogenerateError> {
            let mut scratch = empty.fork()?;
            scratch.make(catalog, Stage::BeforeRows)?;
            let name = name(scratch.connection()?)?;
            others.push(scratch);
            Ok(name)
        };
        let (draft, turned) = (make(&draft)?, make(&turned)?);
        let (wanted, returned) = (make(ends.to)?, make(ends.from)?);
        let session = present.connection()?;
        let names = Names { present: name(session)?, draft, turned, wanted, returned };
        Ok(Self { ends, session, names, _others: others })
    }

    /// Names a present table.
    pub(super) fn present(&self, table: &Object) -> String {
        format!("{}.{}", self.names.present, quoted(table.id.name.as_str()))
    }

    /// Names a wanted table.
    pub(super) fn wanted(&self, table: &Object) -> String {
        format!("{}.{}", self.names.wanted, quoted(table.id.name.as_str()))
    }

    /// Sends a row through all databases; tells whether each accepted it.
    pub(super) fn take(
        &mut self,
        pair: Pair<'_>,
        cells: &[(Name, String)],
    ) -> Result<bool, DatabaseError> {
        self.session.execute("START TRANSACTION")?;
        let taken = self.statements(pair, cells);
        let mut is_taken = true;
        for statement in &taken {
            match self.session.execute(statement) {
                Ok(()) => {}
                Err(DatabaseError::Sql(_)) => {
                    is_taken = false;
                    break;
                }
                Err(lost) => return Err(lost),
            }
        }
        self.session.execute(if is_taken { "COMMIT" } else { "ROLLBACK" })?;
        Ok(is_taken)
    }

    fn statements(&self, Pair { old, new }: Pair<'_>, cells: &[(Name, String)]) -> Vec<String> {
        let own = |database: &str, table: &Object| {
            format!("{database}.{}", quoted(table.id.name.as_str()))
        };
        let Names { present, draft, turned, wanted, returned } = &self.names;
        let names: Vec<String> = cells.iter().map(|(name, _)| quoted(name.as_str())).collect();
        let values: Vec<&str> = cells.iter().map(|(_, value)| value.as_str()).collect();
        let (names, values) = (names.join(", "), values.join(", "));
        let mut res = vec![
            format!("DELETE FROM {}", own(draft, old)),
            format!("INSERT INTO {} ({names}) VALUES ({values})", own(draft, old)),
            copy(&own(present, old), &own(draft, old), &plain(self.ends.from, old)),
        ];
        let Some(new) = new else { return res };
        let pair = Pair { old, new: Some(new) };
        res.push(format!("DELETE FROM {}", own(turned, new)));
        res.push(copy(&own(turned, new), &own(draft, old), &self.turns(pair)));
        res.push(copy(&own(wanted, new), &own(turned, new), &plain(self.ends.to, new)));
        res.push(copy(&own(returned, old), &own(turned, new), &self.turns_back(pair)));
        res
    }

    /// Returns the columns of a wanted table with the expressions that fill them from a present row.
    fn turns(&self, pair: Pair<'_>) -> Vec<(String, String)> {
        let Some(new) = pair.new else { return Vec::new() };
        let columns = stored(self.ends.to, new);
        let fill = |column: &Object| {
            let name = quoted(column.id.name.as_str());
            let old = self.ends.old_column(pair, &column.id.name);
            let told = self.ends.backfills.get(&column.id);
            let value = match (old, told) {
                (Some(old), Some(told)) => {
                    format!("coalesce({}, {told})", quoted(old.id.name.as_str()))
                }
                (Some(old), None) => quoted(old.id.name.as_str()),
                (None, Some(told)) => told.clone(),
                (None, None) => kinds::implicit(column)?,
            };
            Some((name, value))
        };
        columns.into_iter().filter_map(fill).collect()
    }

    /// Returns the columns of a present table with those of the wanted one that come back to them.
    fn turns_back(&self, pair: Pair<'_>) -> Vec<(String, String)> {
        let back = |column: &Object| {
            let new = self.ends.new_column(pair, &column.id.name);
            let value = new.map(|it| quoted(it.id.name.as_str()));
            Some((quoted(column.id.name.as_str()), value.or_else(|| kinds::implicit(column))?))
        };
        stored(self.ends.from, pair.old).into_iter().filter_map(back).collect()
    }
}

/// Returns the columns of a table that keep values of their own.
pub(super) fn stored<'a>(catalog: &'a Catalog, table: &Object) -> Vec<&'a Object> {
    let columns = catalog.parts(Kind::Column, &table.id).into_iter();
    columns.filter(|it| !it.says(GENERATED)).collect()
}

fn plain(catalog: &Catalog, table: &Object) -> Vec<(String, String)> {
    let name = |it: &Object| quoted(it.id.name.as_str());
    stored(catalog, table).into_iter().map(|it| (name(it), name(it))).collect()
}

/// Writes the statement that copies a row, which may have no columns.
fn copy(to: &str, from: &str, columns: &[(String, String)]) -> String {
    let list = |part: fn(&(String, String)) -> &str| {
        columns.iter().map(part).collect::<Vec<_>>().join(", ")
    };
    let (names, values) = (list(|it| &it.0), list(|it| &it.1));
    if columns.is_empty() {
        return format!("INSERT INTO {to} () VALUES ()");
    }
    format!("INSERT INTO {to} ({names}) SELECT {values} FROM {from}")
}

fn without_keys(catalog: &Catalog) -> Catalog {
    let mut res = catalog.clone();
    res.objects.retain(|id, _| id.kind != Kind::ForeignKey);
    res
}

fn name(connection: &mut dyn Connection) -> Result<String, DatabaseError> {
    let name = connection.value("SELECT database()")?;
    Ok(quoted(&name.unwrap_or_default()))
}
