//! The actions of a plan: each has one statement or a few that belong together.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::autogenerate::ddl::postgres::names::{full, quoted, schema};
use crate::autogenerate::ddl::postgres::plan::fates::Fates;
use crate::autogenerate::ddl::postgres::plan::fold::Folds;
use crate::autogenerate::ddl::postgres::plan::{Sides, steps};
use crate::autogenerate::ddl::postgres::write;
use crate::autogenerate::ddl::postgres::write::{not_null, table};
use crate::autogenerate::script::Step;
use crate::catalog::{Catalog, Id, Kind, Object};
use crate::inspect::postgres::attributes::{
    DEFINITION, FORCE_RLS, IDENTITY, OWNED_BY, POPULATED, REPLICA_IDENTITY, RLS,
};

/// The ways in which an action treats its object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Verb {
    Drop,
    Alter,
    Create,
    /// The type goes whose place another one has taken.
    Finish,
    /// Row security of a new table is turned on.
    Secure,
    /// Something is said that names what is made after the object.
    Later,
    /// A new materialized view gets its rows.
    Refresh,
}

pub(super) struct Action<'a> {
    pub(super) verb: Verb,
    pub(super) object: &'a Object,
    pub(super) step: Step,
    /// Whether the action waits until tables and views are made.
    is_last: bool,
}

/// Tells whether the body of a routine is read when it is made, and names what nobody tells.
pub(super) fn is_quoted(object: &Object) -> bool {
    let definition = object.written(DEFINITION);
    let is_routine = [Kind::Function, Kind::Procedure].contains(&object.id.kind);
    is_routine && definition.contains("LANGUAGE sql") && definition.contains("\nAS ")
}

impl Action<'_> {
    /// Tells whether the action could stand in the way of rows that are inserted.
    pub(super) fn is_late(&self) -> bool {
        let fires =
            [Kind::Trigger, Kind::Rule, Kind::Policy, Kind::EventTrigger, Kind::DefaultPrivileges];
        fires.contains(&self.object.id.kind) || [Verb::Secure, Verb::Refresh].contains(&self.verb)
    }

    /// Returns the place of the action among those that nothing else orders.
    pub(super) fn key(&self) -> (u8, Weight, u8, &Id) {
        let id = &self.object.id;
        let phase = match self.verb {
            Verb::Drop => 0,
            Verb::Alter | Verb::Create | Verb::Finish | Verb::Secure => 1,
            Verb::Later => 2,
            Verb::Refresh => 3,
        };
        let (kind, rank) = match self.verb {
            Verb::Secure => (Kind::Policy, 0),
            Verb::Create if self.is_last => (Kind::MaterializedView, 1),
            Verb::Drop
            | Verb::Alter
            | Verb::Create
            | Verb::Finish
            | Verb::Later
            | Verb::Refresh => (id.kind, 1),
        };
        let is_drop = self.verb == Verb::Drop;
        let weight = if is_drop { Weight::Drop(Reverse(kind)) } else { Weight::Make(kind) };
        (phase, weight, rank, id)
    }
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    Drop(Reverse<Kind>),
    Make(Kind),
}

/// All actions of a plan, not in order.
pub(super) struct Actions<'a> {
    pub(super) list: Vec<Action<'a>>,
    at: BTreeMap<(Verb, &'a Id), usize>,
    pub(super) folds: Folds<'a>,
    /// The objects that come with another one: a sequence that counts on from an identity with the
    /// change of the column, a partition's column with that of the parent.
    taken: BTreeMap<&'a Id, &'a Id>,
    /// The routines that tables and views need.
    needed: BTreeSet<&'a Id>,
}

impl<'a> Actions<'a> {
    pub(super) fn find(sides: &Sides<'a>, fates: &Fates<'a>) -> Self {
        let is_active = |id: &Id| fates.created.contains(id) || fates.alters.contains_key(id);
        let folds = Folds::find(sides.to, &fates.created, &is_active);
        let early = sides.to.objects.values().filter(|it| it.id.kind < Kind::Trigger);
        let needed = early.flat_map(|it| &it.needs);
        let needed =
            needed.filter(|id| [Kind::Function, Kind::Procedure].contains(&id.kind)).collect();
        let (list, at, taken) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
        let mut res = Self { list, at, folds, taken, needed };
        for id in fates.dropped.iter().filter(|id| !fates.silent.contains_key(**id)) {
            if let Some(object) = sides.from.get(id) {
                res.push(Verb::Drop, object, steps::dropped(object, sides, fates));
            }
        }
        for object in fates.created.iter().filter_map(|id| sides.to.get(id)) {
            res.create(object, sides, fates);
        }
        let altered = fates.alters.keys().chain(&fates.swaps);
        for id in altered {
            if let (Some(old), Some(new)) = (sides.from.get(id), sides.to.get(id)) {
                let step = steps::altered(old, new, sides, fates);
                if !step.statements.is_empty() {
                    res.push(Verb::Alter, new, step);
                }
                if fates.swaps.contains(id) {
                    res.finish(new, sides, fates);
                }
                let later = fates.alters.get(id).map(|it| it.later.clone()).unwrap_or_default();
                if !later.is_empty() {
                    res.push(Verb::Later, new, steps::more(new, later, fates));
                }
            }
        }
        res.say_again(sides, fates);
        res
    }

    fn push(&mut self, verb: Verb, object: &'a Object, step: Step) {
        self.at.insert((verb, &object.id), self.list.len());
        let is_last = is_quoted(object) && !self.needed.contains(&object.id);
        self.list.push(Action { verb, object, step, is_last });
    }

    fn create(&mut self, object: &'a Object, sides: &Sides<'a>, fates: &Fates<'a>) {
        if self.folds.holds(&object.id) {
            return;
        }
        if let Some(twin) = fates.giver(object, sides) {
            self.taken.insert(&object.id, &twin.id);
            if twin.attributes == object.attributes {
                return;
            }
        }
        if let Some(column) = heir(object, sides).filter(|it| fates.alters.contains_key(it)) {
            // The statements that end the identity make it.
            self.taken.insert(&object.id, column);
            return;
        }
        let parts = self.folds.parts(&object.id).to_vec();
        self.push(Verb::Create, object, steps::created(object, &parts, sides, fates));
        let later = |statements| steps::more(object, statements, fates);
        if object.id.kind == Kind::Table && (object.says(RLS) || object.says(FORCE_RLS)) {
            self.push(Verb::Secure, object, later(table::security(object, sides.to)));
        }
        if object.id.kind == Kind::Table {
            let mut last = not_null::late(object, sides.to);
            last.extend(names_index(object).then(|| table::replica_identity(object, sides.to)));
            if !last.is_empty() {
                self.push(Verb::Later, object, later(last));
            }
        }
        if object.says(OWNED_BY) {
            let sql = write::sequence::owned_by(object, sides.to);
            self.push(Verb::Later, object, later(vec![sql]));
        }
        if object.id.kind == Kind::MaterializedView && object.aside.contains_key(POPULATED) {
            let name = full(sides.to, &object.id);
            let sql = format!("REFRESH MATERIALIZED VIEW {name}");
            // Its owner needn't be allowed to read the tables.
            let owner = self.at(Verb::Create, &object.id).and_then(|at| self.list.get_mut(at));
            let is_owner = |it: &mut String| it.starts_with("ALTER ") && it.contains(" OWNER TO ");
            let owner = owner.map(|it| it.step.statements.extract_if(.., is_owner).collect());
            let owner: Vec<String> = owner.unwrap_or_default();
            let all = [sql].into_iter().chain(owner).collect();
            self.push(Verb::Refresh, object, later(all));
        }
    }

    /// Drops a type whose place another one has taken: at once, or when other steps have let go of it.
    fn finish(&mut self, object: &'a Object, sides: &Sides<'a>, fates: &Fates<'a>) {
        let Some(at) = self.at(Verb::Alter, &object.id) else { return };
        let users = fates.users.get(&object.id).cloned().unwrap_or_default();
        let is_told = |it: &Id| {
            let own = fates.alters.get(it).is_some_and(|it| !it.statements.is_empty());
            own || fates.swaps.contains(it)
        };
        let is_late = users.iter().any(|it| is_told(it));
        let is_plain =
            |it: &&Id| it.kind == Kind::Column && !is_told(it) && !fates.dropped.contains(*it);
        for user in users.iter().copied().filter(is_plain) {
            // The swap is what changes the column.
            self.at.entry((Verb::Alter, user)).or_insert(at);
        }
        let Some(sql) = steps::swapped_out(object, sides) else { return };
        if is_late {
            self.push(Verb::Finish, object, steps::more(object, vec![sql], fates));
        } else if let Some(action) = self.list.get_mut(at) {
            action.step.statements.push(sql);
        }
    }

    /// Says the replica identity again where the index that it names is made anew.
    fn say_again(&mut self, sides: &Sides<'a>, fates: &Fates<'a>) {
        for table in sides.to.of_kind(Kind::Table) {
            let is_there = sides.from.holds(&table.id) && !fates.created.contains(&table.id);
            let is_anew = identity_of(table, sides.to).any(|it| fates.created.contains(&it.id));
            let is_changed = sides
                .from
                .get(&table.id)
                .is_some_and(|old| old.normal(REPLICA_IDENTITY) != table.normal(REPLICA_IDENTITY));
            if is_there && names_index(table) && (is_anew || is_changed) {
                let sql = table::replica_identity(table, sides.to);
                self.push(Verb::Later, table, steps::more(table, vec![sql], fates));
            }
        }
    }

    pub(super) fn at(&self, verb: Verb, id: &Id) -> Option<usize> {
        // A key borrows its id as long as the catalogs live.
        self.at.get(&(verb, id)).copied()
    }

    /// Finds the action that makes an object.
    pub(super) fn maker(&self, id: &Id) -> Option<usize> {
        let made = self.at(Verb::Create, self.folds.maker(id));
        let other = || {
            let with = self.taken.get(id)?;
            let is_heir = id.kind == Kind::Sequence;
            if is_heir { self.at(Verb::Alter, with) } else { self.maker(with) }
        };
        made.or_else(other)
    }

    /// Finds the action that drops an object, or what it goes with.
    pub(super) fn killer(&self, id: &Id, fates: &Fates<'_>) -> Option<usize> {
        let mut id = id;
        while let Some(with) = fates.silent.get(id) {
            id = with;
        }
        self.at(Verb::Drop, id)
    }
}

/// Finds the column whose identity a new sequence replaces.
fn heir<'a>(sequence: &'a Object, sides: &Sides<'a>) -> Option<&'a Id> {
    let column = sequence.parent.as_ref().filter(|_| sequence.id.kind == Kind::Sequence)?;
    let (old, new) = (sides.from.get(column)?, sides.to.get(column)?);
    let is_heir = old.says(IDENTITY) && !new.says(IDENTITY) && !sides.from.holds(&sequence.id);
    is_heir.then_some(column)
}

/// Tells whether the replica identity of a table is that of an index.
pub(super) fn names_index(table: &Object) -> bool {
    table.normal(REPLICA_IDENTITY).starts_with("USING INDEX ")
}

/// Finds the index or constraint that is the replica identity of a table.
pub(in super::super) fn identity_of<'a>(
    table: &'a Object,
    catalog: &'a Catalog,
) -> impl Iterator<Item = &'a Object> {
    let name = table.normal(REPLICA_IDENTITY).strip_prefix("USING INDEX ").unwrap_or_default();
    let kinds = [Kind::PrimaryKey, Kind::Unique, Kind::Exclusion];
    let constraints = kinds.into_iter().flat_map(|kind| catalog.parts(kind, &table.id));
    let indexes = catalog.of_kind(Kind::Index).filter(|it| it.parent.as_ref() == Some(&table.id));
    let is_it = move |it: &&Object| {
        let own = it.id.name.as_str();
        own == name || quoted(own) == name
    };
    constraints.chain(indexes).filter(is_it)
}

/// Returns the name that an object takes among the relations and types of its schema.
pub(in super::super) fn relation(catalog: &Catalog, object: &Object) -> Option<(String, String)> {
    let kinds = [
        Kind::Table,
        Kind::View,
        Kind::MaterializedView,
        Kind::Index,
        Kind::Sequence,
        Kind::Composite,
        Kind::Enum,
        Kind::Domain,
        Kind::Range,
        Kind::PrimaryKey,
        Kind::Unique,
        Kind::Exclusion,
    ];
    let is_one = kinds.contains(&object.id.kind);
    is_one.then(|| (schema(catalog, &object.id), object.id.name.to_string()))
}
