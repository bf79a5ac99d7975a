//! Actions as steps of a script: statements with their titles and notes.

use crate::autogenerate::ddl::postgres::names::{
    CONSTRAINTS, full, keyword, known, owner, quoted, schema, shown, shown_owner, word,
};
use crate::autogenerate::ddl::postgres::plan::Sides;
use crate::autogenerate::ddl::postgres::plan::fates::Fates;
use crate::autogenerate::ddl::postgres::plan::{arrays, count, quiet, rules, special};
use crate::autogenerate::ddl::postgres::write::table::parents;
use crate::autogenerate::ddl::postgres::{words, write};
use crate::autogenerate::script::Step;
use crate::catalog::{Attribute, Id, Kind, NOT_NULL, Object, TYPE};
use crate::inspect::postgres::attributes::{BOUND, GENERATED, IDENTITY, PARENTS, POPULATED};

/// Names an object in a title: `table users`, `constraint users_pkey of users`.
fn named(object: &Object) -> String {
    named_id(&object.id)
}

fn named_id(id: &Id) -> String {
    let kind = id.kind;
    if kind == Kind::Default {
        format!("the default of {}", shown(id))
    } else if [Kind::Trigger, Kind::Rule, Kind::Policy].contains(&kind) {
        format!("{} {} on {}", word(kind), id.name, shown_owner(id))
    } else if CONSTRAINTS.contains(&kind) {
        format!("constraint {} of {}", id.name, shown_owner(id))
    } else {
        format!("{} {}", word(kind), shown(id))
    }
}

fn step(object: &Object, title: String, statements: Vec<String>, fates: &Fates<'_>) -> Step {
    let causes = fates.causes.get(&object.id).map(|it| (*it).clone());
    let causes = causes.into_iter().collect();
    Step { causes, ..Step::new(object.id.clone(), title, statements) }
}

pub(super) fn dropped(object: &Object, sides: &Sides<'_>, fates: &Fates<'_>) -> Step {
    let why = match sides.to.get(&object.id) {
        None => "",
        Some(new) if new == object => ": it comes back below",
        Some(_) => ": it is made anew below",
    };
    let title = format!("Drop {}{why}", named(object));
    let statements = if object.id.kind == Kind::DefaultPrivileges {
        write::rights::taken_back(object, sides.from)
    } else {
        let drop = write::drop(object, sides.from);
        detachment(object, sides, fates).into_iter().chain([drop]).collect()
    };
    let mut res = step(object, title, statements, fates);
    res.takes = along(&object.id, fates);
    let lost = if object.id.kind == Kind::Table {
        Some("with its rows")
    } else if object.id.kind == Kind::Column && !object.says(GENERATED) {
        Some("with its values")
    } else if object.id.kind == Kind::Sequence {
        Some("with its number")
    } else {
        None
    };
    res.destructive.extend(lost.map(|lost| format!("drops {} {lost}", named_id(&known(object)))));
    res
}

/// Returns the statement by which a partition leaves its table before it is dropped, if a foreign key
/// that stays refers to that.
fn detachment(object: &Object, sides: &Sides<'_>, fates: &Fates<'_>) -> Option<String> {
    let stays = |key: &&&Object| !fates.dropped.contains(&key.id);
    special::keys_to(object, sides.from).iter().find(stays)?;
    let parent = parents(object, sides.from).into_iter().next()?;
    let (parent, name) = (full(sides.from, &parent.id), full(sides.from, &object.id));
    Some(format!("ALTER TABLE {parent} DETACH PARTITION {name}"))
}

/// Finds what goes with a dropped object.
fn along(id: &Id, fates: &Fates<'_>) -> Vec<Id> {
    let goes = |it: &&&Id| {
        let mut with = fates.silent.get(*it);
        while let Some(above) = with {
            if *above == id {
                return true;
            }
            with = fates.silent.get(above);
        }
        false
    };
    fates.silent.keys().filter(goes).map(|it| (*it).clone()).collect()
}

pub(super) fn created(
    object: &Object,
    parts: &[&Object],
    sides: &Sides<'_>,
    fates: &Fates<'_>,
) -> Step {
    let to = sides.to;
    let verb = if sides.from.get(&object.id) == Some(object) && object.id.kind != Kind::Table {
        format!("Put {} back", named(object))
    } else if object.id.kind == Kind::Column {
        format!("Add {}", named(object))
    } else if CONSTRAINTS.contains(&object.id.kind) {
        format!("Add constraint {} to {}", object.id.name, shown_owner(&object.id))
    } else if object.id.kind == Kind::Default {
        format!("Set {}", named(object))
    } else {
        format!("Create {}", named(object))
    };
    let mut res = step(object, verb, Vec::new(), fates);
    let kind = object.id.kind;
    if kind == Kind::Table {
        let inside: Vec<&Object> =
            parts.iter().copied().filter(|it| it.id.kind != Kind::Column).collect();
        res.statements = write::table::create(object, to, &inside);
        res.statements.extend(write::comments(object, to));
    } else if kind == Kind::Column && fates.giver(object, sides).is_some() {
        let table = write::table::table_of(&object.id, to);
        let own = table.map(|it| write::table::of_inherited(object, it, to));
        res.statements.extend(own.unwrap_or_default());
        res.statements.extend(write::comments(object, to));
    } else if kind == Kind::Column {
        let default = parts.iter().copied().find(|it| it.id.kind == Kind::Default);
        take(&mut res, rules::new_column(object, default, sides));
        quiet::quieten(&mut res, object, sides, fates);
    } else {
        res.statements = write::create(object, to);
    }
    if kind == Kind::Default {
        count::count_on(&mut res, object, sides, fates);
    }
    if let Some(domain) = object.parent.as_ref().filter(|_| kind == Kind::DomainCheck) {
        arrays::step_aside(&mut res, domain, sides);
    }
    res.statements.extend(write::rights::unwanted(object, sides.from, sides.to));
    res.anew = anew(object).filter(|_| fates.is_anew(&object.id));
    if res.anew.is_some() && kind == Kind::MaterializedView && !object.aside.contains_key(POPULATED)
    {
        let refresh = format!("REFRESH MATERIALIZED VIEW {}", full(to, &object.id));
        res.notes.push(format!("has no rows then, as the schema says: {refresh} fills it"));
    }
    res.serves.extend(parts.iter().map(|it| it.id.clone()));
    res
}

/// Names an object that has an owner and privileges of its own, which go with it.
fn anew(object: &Object) -> Option<String> {
    let kinds = [
        Kind::Schema,
        Kind::Table,
        Kind::View,
        Kind::MaterializedView,
        Kind::Sequence,
        Kind::Function,
        Kind::Procedure,
        Kind::Aggregate,
        Kind::Enum,
        Kind::Domain,
        Kind::Composite,
        Kind::Range,
    ];
    kinds.contains(&object.id.kind).then(|| named(object))
}

fn take(step: &mut Step, alter: rules::Alter) {
    step.statements.extend(alter.statements);
    step.notes.extend(alter.notes);
    step.notices.extend(alter.notices);
    step.destructive.extend(alter.destructive);
    step.fills.extend(alter.fills);
}

/// Returns the title of a change.
fn changed(old: &Object, new: &Object) -> String {
    let differs = |of: Attribute| old.attributes.get(of) != new.attributes.get(of);
    let all = old.attributes.keys().chain(new.attributes.keys());
    let is_parting =
        old.says(BOUND) && all.clone().all(|it| !differs(*it) || [BOUND, PARENTS].contains(it));
    if new.id.kind == Kind::Table && is_parting && differs(BOUND) {
        return format!("Detach {} from {}", named(old), old.list(PARENTS).join(", "));
    }
    words::changed(old, new).replacen("change", "Change", 1)
}

pub(super) fn altered(old: &Object, new: &Object, sides: &Sides<'_>, fates: &Fates<'_>) -> Step {
    let title = changed(old, new);
    let mut res = step(new, title, Vec::new(), fates);
    if fates.swaps.contains(&new.id) {
        res.statements = swap(old, new, sides, fates);
        res.anew = anew(new);
        res.notes.push("rewrites the tables that use it".to_owned());
        take(&mut res, rules::of_types(old, new));
    } else if let Some(alter) = fates.alters.get(&new.id) {
        take(&mut res, alter.clone());
        if new.id.kind == Kind::Domain && new.says(NOT_NULL) && !old.says(NOT_NULL) {
            arrays::step_aside(&mut res, &new.id, sides);
        }
        quiet::quieten(&mut res, new, sides, fates);
        if new.id.kind == Kind::Default {
            count::count_on(&mut res, new, sides, fates);
        }
        let adopted = fates.adopted.iter().filter(|it| it.parent.as_ref() == Some(&new.id));
        res.takes.extend(adopted.map(|it| it.id.clone()));
        let own = [sides.from, sides.to].map(|it| rules::own_sequence(new, it));
        let heirs = own.into_iter().flatten().filter(|it| {
            sides.from.holds(&it.id) != sides.to.holds(&it.id)
                && old.says(IDENTITY) != new.says(IDENTITY)
        });
        res.serves.extend(heirs.map(|it| it.id.clone()));
    }
    res
}

/// Returns the columns that follow when another type takes the place of theirs.
fn followers<'a>(old: &Object, sides: &Sides<'a>, fates: &Fates<'a>) -> Vec<&'a Object> {
    let users = fates.users.get(&old.id).into_iter().flatten();
    let columns = users.filter(|it| it.kind == Kind::Column && !fates.dropped.contains(**it));
    let columns = columns.filter_map(|id| sides.from.get(id).zip(sides.to.get(id)));
    let columns = columns.filter(|(before, after)| {
        let is_own = before.normal(TYPE) == after.normal(TYPE) && !after.says(GENERATED);
        is_own && !write::table::is_inherited(after)
    });
    columns.map(|(_, after)| after).collect()
}

/// Writes how another type takes the place of a type: the columns follow.
fn swap(old: &Object, new: &Object, sides: &Sides<'_>, fates: &Fates<'_>) -> Vec<String> {
    let name = full(sides.to, &new.id);
    let columns = followers(old, sides, fates);
    let alter = |column: &Object, target: &str, via: &str| {
        let (alter, name) =
            (write::table::alter_column(column, sides.to), quoted(column.id.name.as_str()));
        format!("{alter} TYPE {target} USING {name}{via}")
    };
    let array = |it: &Object| if it.written(TYPE).ends_with("[]") { "[]" } else { "" };
    let by_text = |it: &Object| {
        let (is_array, target) = (it.written(TYPE).ends_with("[]"), it.written(TYPE));
        if let Some(row) =
            rules::row_of(old, new, &quoted(it.id.name.as_str())).filter(|_| !is_array)
        {
            let alter = write::table::alter_column(it, sides.to);
            return format!("{alter} TYPE {target} USING {row}::{target} END");
        }
        let via = format!("::text{}", array(it));
        // A cast in words would cut what is too long.
        let via = if rules::cuts(new) { via } else { format!("{via}::{target}") };
        alter(it, target, &via)
    };
    let retyped = |it: &Object| {
        let alter = write::table::alter_column(it, sides.to);
        format!("{alter} TYPE {}", write::table::type_sql(it))
    };
    let is_collation = new.id.kind == Kind::Collation;
    let anew = |it: &Object| if is_collation { retyped(it) } else { by_text(it) };
    let mut res = Vec::new();
    if new.id.kind == Kind::Range {
        // The functions of a range keep their names while it has another one.
        res.extend(by_table(&columns, sides, &|it| {
            let target = format!("text{}", array(it));
            alter(it, &target, &format!("::{target}"))
        }));
        res.push(format!("DROP TYPE {name}"));
        res.extend(write::create(new, sides.to));
        res.extend(by_table(&columns, sides, &|it| {
            alter(it, it.written(TYPE), &format!("::{}", it.written(TYPE)))
        }));
    } else {
        res.push(format!("ALTER {} {name} RENAME TO {}", keyword(new.id.kind), aside(new)));
        res.extend(write::create(new, sides.to));
        res.extend(by_table(&columns, sides, &anew));
    }
    res.extend(columns.iter().flat_map(|it| write::table::keeping(it, sides.to)));
    res
}

/// Writes statements about columns, one for each table.
fn by_table(
    columns: &[&Object],
    sides: &Sides<'_>,
    sql: &dyn Fn(&Object) -> String,
) -> Vec<String> {
    let mut res: Vec<String> = Vec::new();
    for column in columns {
        let (head, next) = (format!("ALTER TABLE {} ", owner(sides.to, &column.id)), sql(column));
        match (res.last_mut().filter(|it| it.starts_with(&head)), next.strip_prefix(&head)) {
            (Some(last), Some(clause)) => {
                last.push_str(", ");
                last.push_str(clause);
            }
            _ => res.push(next),
        }
    }
    res
}

/// Returns the name of a type while another one takes its place.
fn aside(object: &Object) -> String {
    quoted(&format!("{}_old", rules::cut(object.id.name.as_str(), 4)))
}

/// Writes how a type goes whose place another one has taken, if it is still there.
pub(super) fn swapped_out(object: &Object, sides: &Sides<'_>) -> Option<String> {
    let schema = schema(sides.to, &object.id);
    let is_there = object.id.kind != Kind::Range;
    is_there.then(|| format!("DROP {} {schema}.{}", keyword(object.id.kind), aside(object)))
}

/// Makes a step that says more of a new object.
pub(super) fn more(object: &Object, statements: Vec<String>, fates: &Fates<'_>) -> Step {
    let sql = statements.last().map_or("", String::as_str);
    let name = named(object);
    let title = if sql.starts_with("REFRESH") {
        format!("Fill {name}")
    } else if sql.contains(" OWNED BY ") {
        format!("Say which column {name} belongs to")
    } else if sql.contains(" ROW LEVEL SECURITY") {
        format!("Turn row security of {name} on")
    } else if sql.contains(" REPLICA IDENTITY ") {
        format!("Say which index identifies rows of {name}")
    } else if sql.contains(" NOT NULL ") || sql.contains(" CONSTRAINT ") {
        format!("Say what {name} refuses, without a look at its rows")
    } else if sql.starts_with("DROP ") {
        format!("Drop what {name} was before")
    } else if sql.contains(" ATTACH PARTITION ") {
        format!("Attach {name} as a partition")
    } else if sql.contains(" INHERIT ") {
        format!("Let {name} inherit from its parent")
    } else if sql.contains(" OF ") {
        format!("Say which type {name} is of")
    } else {
        format!("Change {name} once more")
    };
    let is_end = sql.starts_with("DROP ");
    let res = step(object, title, statements, fates);
    // A step that only puts something back serves no difference of its own.
    if is_end { Step { serves: Vec::new(), causes: vec![object.id.clone()], ..res } } else { res }
}
