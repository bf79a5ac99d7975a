//! The tables of the present catalog with their counterparts in the wanted one.

use std::collections::{BTreeMap, BTreeSet};

use crate::autogenerate::ddl::postgres::names::{full, quoted};
use crate::autogenerate::ddl::postgres::plan::rules::cast::never;
use crate::autogenerate::ddl::postgres::plant::partitions::members;
use crate::autogenerate::ddl::postgres::write::not_null::is_kept;
use crate::autogenerate::ddl::postgres::write::table::{above, parents};
use crate::autogenerate::proof::Claim;
use crate::catalog::{COLUMNS, Catalog, EXPRESSION, Id, Kind, NOT_NULL, Name, Object, TYPE};
use crate::inspect::postgres::attributes::{
    BOUND, COLLATION, DEFINITION, GENERATED, GENERATED_KIND, NOT_ENFORCED, NOT_VALID, PARTITION_KEY,
};

/// The kinds of what the columns and rules of tables are made of.
pub(super) const BASICS: [Kind; 6] =
    [Kind::Collation, Kind::Enum, Kind::Domain, Kind::Composite, Kind::Range, Kind::Function];

/// The constraints of a table that rows can violate, foreign keys left out.
const CONSTRAINTS: [Kind; 4] = [Kind::PrimaryKey, Kind::Unique, Kind::Check, Kind::Exclusion];

/// The two catalogs of a claim.
pub(super) struct Ends<'a> {
    pub(super) claim: &'a Claim<'a>,
    pub(super) from: &'a Catalog,
    pub(super) to: &'a Catalog,
    /// The types, functions and collations of the wanted catalog that the present one lacks, or has otherwise.
    pub(super) changed: BTreeSet<Id>,
}

/// A table of the present catalog and its counterpart.
#[derive(Debug, Clone)]
pub(super) struct Pair<'a> {
    pub(super) old: &'a Object,
    /// The table in the wanted catalog; none if it doesn't keep its rows.
    pub(super) new: Option<&'a Object>,
    pub(super) columns: Vec<Twins<'a>>,
    /// Whether rows that the present table takes may be refused by the wanted one, or changed.
    pub(super) differs: bool,
    /// Whether no rows are planted.
    pub(super) stays_empty: bool,
    /// Whether partitions come, go or get other bounds, so that each gets its rows for itself.
    pub(super) is_split: bool,
}

/// A column of the wanted table, and the present one whose values it has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Twins<'a> {
    pub(super) old: Option<&'a Object>,
    pub(super) new: &'a Object,
}

impl<'a> Ends<'a> {
    pub(super) fn new(claim: &'a Claim<'a>) -> Self {
        let (from, to) = (claim.way.from, claim.way.to);
        let mut changed = BTreeSet::new();
        let all = || BASICS.into_iter().flat_map(|kind| to.of_kind(kind));
        // What is made of something changed has changed, too.
        loop {
            let is_new = |it: &&Object| {
                let checks = |catalog: &Catalog| -> BTreeSet<String> {
                    let checks = catalog.parts(Kind::DomainCheck, &it.id).into_iter();
                    checks.map(|check| check.normal(DEFINITION).to_owned()).collect()
                };
                from.get(&it.id) != Some(*it)
                    || checks(from) != checks(to)
                    || needs(to, it).any(|need| changed.contains(need))
            };
            let more: BTreeSet<Id> = all().filter(is_new).map(|it| it.id.clone()).collect();
            if more == changed {
                return Self { claim, from, to, changed };
            }
            changed = more;
        }
    }

    /// Returns the present tables, partitions too.
    pub(super) fn pairs(&self) -> Vec<Pair<'a>> {
        let mut pairs: Vec<Pair<'a>> =
            self.from.of_kind(Kind::Table).map(|it| self.pair(it)).collect();
        self.lose(&mut pairs);
        self.split(&mut pairs);
        pairs
    }

    fn pair(&self, old: &'a Object) -> Pair<'a> {
        let has_key = |it: &Object| it.normal(PARTITION_KEY) == old.normal(PARTITION_KEY);
        let new = self.new_table(&old.id).and_then(|id| self.to.get(&id)).filter(|it| has_key(it));
        let columns = new.map(|new| self.columns(&old.id, &new.id)).unwrap_or_default();
        let unfilled = self.claim.unfilled;
        let stays_empty = new.is_some_and(|new| unfilled.contains(&new.id.name));
        let mut pair = Pair { old, new, columns, differs: false, stays_empty, is_split: false };
        pair.differs = new.is_some_and(|new| {
            rules(self.from, &old.id) != rules(self.to, &new.id)
                || self.uses_changed(&new.id)
                || (new.says(BOUND) && !old.says(BOUND))
        });
        pair
    }

    /// Finds the first changed type that a column is made of.
    pub(super) fn changed_type(&self, column: &Object) -> Option<&Id> {
        let changed = column.needs.iter().filter_map(|need| self.changed.get(need));
        let is_type = |it: &&Id| it.kind != Kind::Function && it.kind != Kind::Collation;
        changed.into_iter().find(is_type)
    }

    /// Tells whether columns or rules of a wanted table are made of something that changes.
    fn uses_changed(&self, table: &Id) -> bool {
        if self.changed.is_empty() {
            return false;
        }
        let uses = |it: &Object| it.needs.iter().any(|need| self.changed.contains(need));
        let parts = [Kind::Column, Kind::Check, Kind::Exclusion];
        let indexes = self.to.of_kind(Kind::Index);
        parts.iter().any(|kind| self.to.parts(*kind, table).iter().any(|it| uses(it)))
            || indexes.filter(|it| it.parent.as_ref() == Some(table)).any(uses)
    }

    /// Returns the id of a table after the renames; none if another table takes its name.
    pub(super) fn new_table(&self, old: &Id) -> Option<Id> {
        let renames = self.claim.way.renames;
        let schema =
            |it: &&(Id, Id)| it.0.kind == Kind::Schema && Some(&it.0.name) == old.schema.as_ref();
        let moved = renames.all().find(schema).map(|(_, new)| new.name.clone());
        let place = Id { schema: moved.or_else(|| old.schema.clone()), ..old.clone() };
        let told = renames.all().find(|(before, _)| *before == place).map(|(_, new)| new.clone());
        let res = told.unwrap_or(place);
        (renames.before(&res).as_ref() == Some(old)).then_some(res)
    }

    /// Returns the id of a table before the renames.
    pub(super) fn old_table(&self, new: &Id) -> Option<&'a Object> {
        let is_it = |it: &&Object| self.new_table(&it.id).as_ref() == Some(new);
        self.from.of_kind(Kind::Table).find(is_it)
    }

    fn columns(&self, old: &Id, new: &Id) -> Vec<Twins<'a>> {
        let before = self.from.parts(Kind::Column, old);
        let renames: Vec<(&Name, &Name)> = self.claim.way.renames.columns_of(new).collect();
        let twins = |column: &'a Object| {
            let name = &column.id.name;
            let told = renames.iter().find(|(_, it)| *it == name).map(|(it, _)| *it);
            // What a renamed column was called is another column now.
            let is_free = !renames.iter().any(|(it, _)| *it == name);
            let wanted = told.or_else(|| is_free.then_some(name));
            let old = wanted.and_then(|name| before.iter().find(|it| it.id.name == *name));
            Twins { old: old.copied(), new: column }
        };
        self.to.parts(Kind::Column, new).into_iter().map(twins).collect()
    }

    /// Returns the expression that fills a column where it has no value, and whether the user has
    /// told it.
    pub(super) fn fill(&self, column: &Object) -> Option<(&'a str, bool)> {
        let id = &column.id;
        let told = self.claim.backfills.get(id).map(String::as_str);
        let default = Id { kind: Kind::Default, ..id.clone() };
        let default = || {
            let text = self.to.get(&default)?.written(EXPRESSION);
            (!text.to_ascii_lowercase().starts_with("null")).then_some(text)
        };
        told.map(|it| (it, true)).or_else(|| Some((default()?, false)))
    }
}

impl Pair<'_> {
    /// Tells whether a column gets a type that no value of it can become.
    pub(super) fn is_lost(&self, ends: &Ends<'_>) -> bool {
        let is_told = |it: &Twins<'_>| ends.fill(it.new).is_some_and(|(_, is_told)| is_told);
        let mut columns = self.columns.iter().filter(|it| it.survives() && !is_told(it));
        columns.any(|it| it.old.is_some_and(|old| never(old.written(TYPE), it.new.written(TYPE))))
    }
}

impl Twins<'_> {
    /// Tells whether the column refuses NULL only in the wanted table.
    pub(super) fn tightens(&self) -> bool {
        is_kept(self.new) && !self.old.is_some_and(is_kept)
    }

    /// Tells whether the values of the column survive.
    pub(super) fn survives(&self) -> bool {
        self.old.is_some() && !self.new.says(GENERATED)
    }
}

/// Returns what an object needs, with what the conditions of a domain need.
pub(super) fn needs<'a>(catalog: &'a Catalog, object: &'a Object) -> impl Iterator<Item = &'a Id> {
    let checks = catalog.parts(Kind::DomainCheck, &object.id).into_iter();
    let checks = checks.flat_map(|it| &it.needs).filter(|need| **need != object.id);
    object.needs.iter().chain(checks)
}

/// Returns all that decides which rows a table takes, foreign keys left out.
fn rules(catalog: &Catalog, table: &Id) -> BTreeSet<String> {
    let mut res = BTreeSet::new();
    for column in catalog.parts(Kind::Column, table) {
        let says = [TYPE, COLLATION, NOT_NULL, NOT_VALID, GENERATED, GENERATED_KIND];
        let says = says.map(|of| column.normal(of));
        res.insert(format!("{} {}", column.id.name, says.join("\t")));
    }
    for constraint in constraints(catalog, table) {
        res.insert(constraint.normal(DEFINITION).to_owned());
    }
    if let Some(root) = catalog.get(table).filter(|it| it.says(PARTITION_KEY)) {
        for member in members(catalog, root) {
            let conditions = conditions(catalog, member, root).join(" AND ");
            let keys = keys(catalog, &member.id);
            let name = full(catalog, &member.id);
            res.insert(format!("{name} {conditions} {keys:?}"));
        }
    }
    let indexes = indexes(catalog, table).into_iter();
    res.extend(indexes.map(|(is_unique, rest)| format!("{is_unique} {rest}")));
    res
}

/// Returns the constraints that rows of a table can violate, those of tables above it included.
pub(super) fn constraints<'a>(catalog: &'a Catalog, table: &Id) -> Vec<&'a Object> {
    let own = CONSTRAINTS.iter().flat_map(|kind| catalog.parts(*kind, table));
    let mut res: Vec<&Object> = own.collect();
    let mut todo: Vec<&Object> = catalog.get(table).into_iter().collect();
    while let Some(below) = todo.pop() {
        for above in parents(below, catalog) {
            let checks = catalog.parts(Kind::Check, &above.id).into_iter();
            res.extend(checks.filter(|it| !it.normal(DEFINITION).ends_with(" NO INHERIT")));
            todo.push(above);
        }
    }
    for above in catalog.get(table).map(|it| above(catalog, it)).unwrap_or_default() {
        let kinds = [Kind::PrimaryKey, Kind::Unique, Kind::Exclusion].iter();
        res.extend(kinds.flat_map(|kind| catalog.parts(*kind, &above.id)));
    }
    res.retain(|it| !it.says(NOT_ENFORCED));
    res
}

/// Returns the conditions that rows of a partition have to meet beside those of the whole table.
pub(super) fn conditions(catalog: &Catalog, member: &Object, root: &Object) -> Vec<String> {
    let checks = catalog.parts(Kind::Check, &member.id).into_iter();
    let checks = checks.filter(|it| !it.says(NOT_ENFORCED));
    let checks = checks.map(|it| format!("(({}) IS NOT FALSE)", it.written(EXPRESSION)));
    let is_looser = |it: &&Object| {
        let (schema, owner) = (root.id.schema.clone(), Some(root.id.name.clone()));
        let above = catalog.get(&Id { schema, owner, ..it.id.clone() });
        it.says(NOT_NULL) && above.is_some_and(|it| !it.says(NOT_NULL))
    };
    let columns = catalog.parts(Kind::Column, &member.id).into_iter().filter(is_looser);
    let columns = columns.map(|it| format!("({} IS NOT NULL)", quoted(it.id.name.as_str())));
    checks.chain(columns).collect()
}

/// Returns the keys that a table alone has: what is unique, and for which rows.
pub(super) fn keys(catalog: &Catalog, table: &Id) -> Vec<(String, Option<String>)> {
    let of_index = |(_, rest): (bool, &str)| match rest.split_once(" WHERE ") {
        Some((rest, filter)) => (rest.to_owned(), Some(filter.to_owned())),
        None => (rest.to_owned(), None),
    };
    let indexes = indexes(catalog, table).into_iter().filter(|it| it.0).map(of_index);
    let constraints = [Kind::PrimaryKey, Kind::Unique].into_iter();
    let constraints = constraints.flat_map(|kind| catalog.parts(kind, table));
    let constraints = constraints.map(|it| {
        let names: Vec<String> = it.list(COLUMNS).iter().map(|it| quoted(it)).collect();
        (format!("btree ({})", names.join(", ")), None)
    });
    constraints.chain(indexes).collect()
}

/// Returns the indexes of a table: whether they refuse duplicates, and what comes behind USING.
pub(super) fn indexes<'a>(catalog: &'a Catalog, table: &Id) -> Vec<(bool, &'a str)> {
    let own = catalog.of_kind(Kind::Index).filter(|it| it.parent.as_ref() == Some(table));
    let split = |it: &'a Object| {
        let definition = it.written(DEFINITION);
        let (head, rest) = definition.split_once(" USING ")?;
        Some((head.starts_with("CREATE UNIQUE "), rest))
    };
    own.filter_map(split).collect()
}

impl Pair<'_> {
    /// Tells whether rows are planted in the table itself, not in its partitions or by way of its parent.
    pub(super) fn is_bed(&self) -> bool {
        if self.is_split { !self.old.says(PARTITION_KEY) } else { !self.old.says(BOUND) }
    }

    /// Returns the names of the wanted columns, by those of the present ones.
    pub(super) fn names(&self) -> BTreeMap<String, String> {
        let names = |it: &Twins<'_>| {
            let old = it.old?;
            Some((old.id.name.as_str().to_owned(), it.new.id.name.as_str().to_owned()))
        };
        self.columns.iter().filter_map(names).collect()
    }

    /// Returns the present name of a wanted column.
    pub(super) fn old_column(&self, new: &str) -> Option<String> {
        let twins = self.columns.iter().find(|it| it.new.id.name.as_str() == new)?;
        Some(twins.old?.id.name.as_str().to_owned())
    }
}
