//! The objects of a database, for people who explore it.

use crate::catalog::{Catalog, Kind, Object};
use crate::database::Connection;
use crate::error::Error;
use crate::inspect::{Scope, read};

/// Names to complete in a statement.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Words {
    /// The tables and views, sorted.
    pub tables: Vec<String>,
    /// The columns, each name once.
    pub columns: Vec<String>,
}

/// Lists the tables and views, sorted.
pub fn tables(connection: &mut dyn Connection) -> Result<Vec<String>, Error> {
    Ok(names(&read(connection, Scope::Tables)?))
}

/// Lists the indexes, of one table or of all; MySQL's, whose names are not unique, with their table.
pub fn indexes(connection: &mut dyn Connection, table: Option<&str>) -> Result<Vec<String>, Error> {
    Ok(names(&read(connection, Scope::Indexes(table))?))
}

/// Returns the statements that make what there is: of one table with all that belongs to it, or of
/// everything; none if there is no such table.
pub fn schema(connection: &mut dyn Connection, table: Option<&str>) -> Result<Vec<String>, Error> {
    let catalog = read(connection, Scope::Statements(table))?;
    Ok(whole(&catalog).into_iter().filter_map(|it| it.sql.clone()).collect())
}

/// Lists the names to complete in a statement.
pub fn words(connection: &mut dyn Connection) -> Result<Words, Error> {
    let catalog = read(connection, Scope::Columns)?;
    let columns = catalog.of_kind(Kind::Column).map(|it| it.id.name.to_string());
    let mut columns: Vec<String> = columns.collect();
    columns.sort();
    columns.dedup();
    Ok(Words { tables: names(&catalog), columns })
}

/// Returns the objects that are no parts in the order of the reader, each before what goes with it.
fn whole(catalog: &Catalog) -> Vec<&Object> {
    let objects = catalog.objects.values().filter(|it| !it.id.kind.is_part());
    let mut res: Vec<&Object> = objects.collect();
    let place = |it: &Object| {
        (it.parent.as_ref().and_then(|it| catalog.get(it)).unwrap_or(it).place, it.place)
    };
    res.sort_by_key(|it| place(it));
    res
}

/// Returns the names of the objects that are no parts.
fn names(catalog: &Catalog) -> Vec<String> {
    let name = |it: &Object| {
        let owner = it.id.owner.as_ref().map(|owner| format!("{owner}."));
        owner.unwrap_or_default() + it.id.name.as_str()
    };
    whole(catalog).into_iter().map(name).collect()
}
