//! The part of two catalogs that a change concerns: to make a table takes the server some ten
//! milliseconds, so the proof makes no others.

use std::collections::BTreeSet;

use crate::autogenerate::Renames;
use crate::autogenerate::ddl::mysql::words;
use crate::catalog::{Catalog, Id, Kind, Object};

/// Returns both catalogs without the objects that have nothing to do with what changes.
pub(super) fn narrowed([from, to]: [&Catalog; 2], renames: &Renames) -> [Catalog; 2] {
    let differences = words::differences(from, to);
    let changed = differences.iter().flat_map(|it| &it.ids);
    let named = renames.all().flat_map(|(old, new)| [old, new]);
    let mut concern = Concern { sides: [from, to], ids: BTreeSet::new() };
    let mut roots: BTreeSet<Id> = changed.chain(named).map(|id| concern.whole(id)).collect();
    // The new name of a part's table is known, and the table has its old one on one side.
    let tables: Vec<Id> = roots.iter().filter(|id| id.kind == Kind::Table).cloned().collect();
    for table in tables {
        let old = renames.old_table(&table.name).cloned().unwrap_or_else(|| table.name.clone());
        roots.insert(Id { name: old, ..table });
    }
    for root in concern.users(&roots).into_iter().chain(roots) {
        concern.add(root);
    }
    [from, to].map(|catalog| concern.part(catalog))
}

struct Concern<'a> {
    sides: [&'a Catalog; 2],
    ids: BTreeSet<Id>,
}

impl Concern<'_> {
    /// Returns the table of a part, or the object itself.
    fn whole(&self, id: &Id) -> Id {
        let objects = self.sides.into_iter().filter_map(|it| it.get(id));
        let parent =
            objects.filter(|it| it.id.kind != Kind::Trigger).find_map(|it| it.parent.clone());
        let owner = id.owner.as_ref().map(|it| Id { schema: id.schema.clone(), ..Id::table(it) });
        parent.or(owner).unwrap_or_else(|| id.clone())
    }

    /// Returns what uses some objects, directly or indirectly: views, and the tables with keys to them.
    fn users(&self, roots: &BTreeSet<Id>) -> BTreeSet<Id> {
        let mut res = BTreeSet::new();
        for catalog in self.sides {
            res.extend(catalog.reach(roots, &[Kind::View]).into_keys());
            let keys = catalog.of_kind(Kind::ForeignKey);
            let keys = keys.filter(|it| it.needs.iter().any(|need| roots.contains(need)));
            res.extend(keys.filter_map(|it| it.parent.clone()));
        }
        res
    }

    /// Adds an object with all that it needs.
    fn add(&mut self, id: Id) {
        let mut todo = vec![id];
        while let Some(id) = todo.pop() {
            if !self.ids.insert(id.clone()) {
                continue;
            }
            for catalog in self.sides {
                let hangs = |it: &&Object| it.parent.as_ref() == Some(&id);
                let parts = catalog.objects.values().filter(hangs);
                let needed = parts.chain(catalog.get(&id)).flat_map(|it| it.needs.iter().cloned());
                todo.extend(needed.filter(|it| !self.ids.contains(it)));
                todo.extend(catalog.get(&id).and_then(|it| it.parent.clone()));
            }
        }
    }

    fn part(&self, catalog: &Catalog) -> Catalog {
        let mut res = catalog.clone();
        let is_in = |id: &Id, it: &Object| {
            self.ids.contains(id) || it.parent.as_ref().is_some_and(|it| self.ids.contains(it))
        };
        res.objects.retain(|id, it| id.kind == Kind::Opaque || is_in(id, it));
        res
    }
}
