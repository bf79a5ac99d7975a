//! Differences for which no script can be generated: they are listed, and the rest is generated.

use crate::autogenerate::ddl::ddl;
use crate::autogenerate::{AutogenerateError, Desired, Generated};
use crate::catalog::{Catalog, Change, Filter, Kind};
use crate::sql::Dialect;

/// Lists the differences of a kind that can't be generated, and lets the wanted schema have those
/// objects as they are.
pub fn set_apart(
    dialect: Dialect,
    from: &Catalog,
    desired: &mut Desired,
    filter: &Filter,
) -> Result<Vec<Change>, AutogenerateError> {
    let opaque = |catalog: &Catalog| {
        let objects = catalog.of_kind(Kind::Opaque).map(|it| (it.id.clone(), it.clone()));
        Catalog { objects: objects.collect(), home: catalog.home.clone() }
    };
    let (present, wanted) = (opaque(from), opaque(&filter.apply(from, &desired.schema)));
    let differences = ddl(dialect)?.differences(&present, &wanted);
    desired.schema.objects.retain(|id, _| id.kind != Kind::Opaque);
    desired.schema.objects.extend(present.objects);
    Ok(differences.into_iter().map(Change::from).collect())
}

impl Generated {
    /// Adds differences that no script removes.
    pub fn leave_out(&mut self, changes: Vec<Change>) {
        if changes.is_empty() {
            return;
        }
        let names: Vec<&str> = changes.iter().map(|it| it.description.as_str()).collect();
        let lines: String = names.iter().flat_map(|it| ["--   ", it, "\n"]).collect();
        let head =
            format!("-- Not written here, since scripts can't be generated for it:\n{lines}");
        let warning = format!("left out, since it can't be generated: {}", names.join(", "));
        let rest = if self.up.is_empty() { String::new() } else { format!("\n{}", self.up) };
        self.up = head + &rest;
        self.warnings.push(warning);
        self.changes.extend(changes);
    }
}
