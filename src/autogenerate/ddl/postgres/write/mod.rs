//! The statements that make and drop objects.

pub(super) mod kinds;
pub(super) mod not_null;
pub(super) mod rights;
pub(super) mod sayings;
pub(super) mod sequence;
pub(super) mod table;
pub(super) mod types;

use crate::autogenerate::ddl::Stage;
use crate::autogenerate::ddl::postgres::names::{is_constraint, owner, quoted, reference};
use crate::autogenerate::ddl::postgres::plan::{self, Made};
use crate::catalog::{Catalog, Kind, Object};
use crate::inspect::InspectError;

/// Returns the statements that make an object, with its comments. A table is made with its columns,
/// without what else is its own.
pub(super) fn create(object: &Object, catalog: &Catalog) -> Vec<String> {
    let mut res = match object.id.kind {
        Kind::Schema => vec![format!("CREATE SCHEMA {}", quoted(object.id.name.as_str()))],
        Kind::Extension => kinds::extension(object),
        Kind::Collation => types::collation(object, catalog),
        Kind::Enum => types::labels(object, catalog),
        Kind::Domain => types::domain(object, catalog),
        Kind::Composite => types::composite(object, catalog),
        Kind::Range => types::range(object, catalog),
        Kind::Function | Kind::Procedure => kinds::routine(object),
        Kind::Aggregate => kinds::aggregate(object, catalog),
        Kind::Sequence => sequence::create(object, catalog),
        Kind::Table => table::create(object, catalog, &[]),
        Kind::Column => table::add_column(object, catalog, None),
        Kind::Default => table::set_default(object, catalog),
        Kind::DomainCheck
        | Kind::PrimaryKey
        | Kind::Unique
        | Kind::Check
        | Kind::Exclusion
        | Kind::ForeignKey => table::add_constraint(object, catalog),
        Kind::Index => kinds::index(object, catalog),
        Kind::Statistics => kinds::statistics(object, catalog),
        Kind::View => kinds::view(object, catalog),
        Kind::MaterializedView => kinds::materialized_view(object, catalog),
        Kind::Trigger | Kind::Rule => kinds::fired(object, catalog),
        Kind::Policy => kinds::policy(object, catalog),
        Kind::EventTrigger => kinds::event_trigger(object),
        // All of it is in what is said of it.
        Kind::Event | Kind::DefaultPrivileges | Kind::Opaque => Vec::new(),
    };
    res.extend(comments(object, catalog));
    res
}

/// Returns the statement that drops an object.
pub(super) fn drop(object: &Object, catalog: &Catalog) -> String {
    let id = &object.id;
    let name = quoted(id.name.as_str());
    let table = owner(catalog, id);
    if id.kind == Kind::Column {
        format!("ALTER TABLE {table} DROP COLUMN {name}")
    } else if id.kind == Kind::Default {
        format!("ALTER TABLE {table} ALTER COLUMN {name} DROP DEFAULT")
    } else if id.kind == Kind::DomainCheck {
        format!("ALTER DOMAIN {table} DROP CONSTRAINT {name}")
    } else if is_constraint(id.kind) {
        format!("ALTER TABLE {table} DROP CONSTRAINT {name}")
    } else {
        format!("DROP {}", reference(catalog, object))
    }
}

/// Returns the statements that comment on an object and its columns, or say more of them.
pub(super) fn comments(object: &Object, catalog: &Catalog) -> Vec<String> {
    let said = sayings::sayings(object, catalog).into_iter().map(|it| it.statement);
    rights::joined(said.collect())
}

/// Writes everything, each object after those that it needs.
pub(super) fn dump(catalog: &Catalog) -> Result<String, InspectError> {
    let made = plan::from_nothing(catalog)
        .map_err(|error| InspectError::Unwritable { reason: error.to_string() })?;
    let one = |it: &Made| format!("{};\n", it.statements.join(";\n"));
    let mut res: Vec<String> = left_out(catalog).into_iter().collect();
    res.extend(made.iter().map(one));
    Ok(res.join("\n"))
}

/// Names the objects that can't be written.
pub(super) fn unwritten(catalog: &Catalog) -> Vec<String> {
    catalog.of_kind(Kind::Opaque).map(|it| it.id.name.as_str().to_owned()).collect()
}

/// Names what is there and can't be written.
fn left_out(catalog: &Catalog) -> Option<String> {
    let names: String =
        unwritten(catalog).iter().flat_map(|it| ["--   ", it, "\n"].map(str::to_owned)).collect();
    (!names.is_empty())
        .then(|| format!("-- Not written here, since scripts can't be generated for it:\n{names}"))
}

/// Returns the statements that make the objects of a stage in a scratch database. What can't be put
/// in order is refused by the server.
pub(super) fn statements(catalog: &Catalog, stage: Stage) -> Vec<String> {
    let has_public = catalog.of_kind(Kind::Schema).any(|it| it.id.name.as_str() == "public");
    let is_gone = stage == Stage::BeforeRows && !has_public && !catalog.is_empty();
    let gone = is_gone.then(|| "DROP SCHEMA IF EXISTS public".to_owned());
    let made = plan::from_nothing(catalog).unwrap_or_default().into_iter();
    let made = made.filter(|it| it.is_late == (stage == Stage::AfterRows));
    gone.into_iter().chain(made.flat_map(|it| it.statements)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Id, Name};

    #[test]
    fn what_can_not_be_written_is_named() {
        let mut catalog = Catalog::default();
        catalog.insert(Object::new(Id::new(Kind::Opaque, &Name::exact("publication p"))));
        assert_eq!(unwritten(&catalog), ["publication p"]);
        assert!(left_out(&catalog).is_some_and(|it| it.ends_with("--   publication p\n")));
    }
}
