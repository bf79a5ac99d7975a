//! The values of `--rename OLD=NEW`, where OLD may be `table.column`, `schema.table` and the like.

use crate::autogenerate::ddl::Ddl;
use crate::autogenerate::hints::RenameHint;
use crate::catalog::{Catalog, Id, Kind, Name};

/// Parses `--rename OLD=NEW`.
pub(super) fn said(
    ddl: &dyn Ddl,
    (old, new): (&str, &str),
    from: &Catalog,
    to: &Catalog,
) -> RenameHint {
    // With quotes it is written as in SQL.
    let name = |text: &str| {
        let quoted = ddl.name(text).filter(|_| text.starts_with('"'));
        quoted.unwrap_or_else(|| ddl.folded(text))
    };
    let path = |text: &str| -> Vec<Name> { split(text).into_iter().map(name).collect() };
    let (old_path, new_path) = (path(old), path(new));
    let hint = |subject, old, schema| RenameHint {
        subject: Some(subject),
        old,
        schema,
        place: None,
        done: false,
    };
    if let Some((subject, schema)) = moved(ddl, (&old_path, &new_path), (from, to)) {
        return hint(subject, old_path.last().cloned().unwrap_or_else(|| name(old)), Some(schema));
    }
    let new_name = new_path.last().cloned().unwrap_or_else(|| name(new));
    if let Some((subject, old)) = named(ddl, &old_path, &new_name, (from, to)) {
        return hint(subject, old, None);
    }
    if let [owner @ .., old] = old_path.as_slice()
        && let Some(table) = owner.last()
    {
        return hint(Id::column(table, &new_name), old.clone(), None);
    }
    let (old, new) = (name(old), name(new));
    let index = |name: &Name| Id::new(Kind::Index, name);
    let is_index = from.holds(&index(&old)) || to.holds(&index(&new));
    hint(Id::new(if is_index { Kind::Index } else { Kind::Table }, &new), old, None)
}

/// Splits a path at its dots, but for those in quotes.
fn split(path: &str) -> Vec<&str> {
    let mut is_quoted = false;
    let is_dot = |c: char| {
        is_quoted ^= c == '"';
        c == '.' && !is_quoted
    };
    path.split(is_dot).collect()
}

/// Finds the object that moves to another schema, by its new id, with the schema from which it comes.
fn moved(
    ddl: &dyn Ddl,
    (old, new): (&[Name], &[Name]),
    (from, to): (&Catalog, &Catalog),
) -> Option<(Id, Name)> {
    let home = from.home.as_ref()?;
    let own = |path: &[Name]| -> Option<(Name, Name)> {
        match path {
            [name] => Some((home.clone(), name.clone())),
            [schema, name] => Some((schema.clone(), name.clone())),
            _ => None,
        }
    };
    let ((before, old), (after, new)) = (own(old)?, own(new)?);
    let is_in = |id: &Id, schema: &Name, name: &Name| {
        let bare = id.name.as_str().split('(').next();
        let is_name = id.name == *name || bare == Some(name.as_str());
        id.owner.is_none() && id.schema.as_ref().unwrap_or(home) == schema && is_name
    };
    let mut all = to.objects.keys().filter(|id| ddl.can_rename(id.kind) && is_in(id, &after, &new));
    let was =
        |id: &Id| from.objects.keys().any(|it| it.kind == id.kind && is_in(it, &before, &old));
    let found = all.find(|id| was(id) && before != after)?;
    Some((found.clone(), before))
}

/// Finds the object with an old name, and the one of the same kind and place that has the new name.
fn named(
    ddl: &dyn Ddl,
    path: &[Name],
    new: &Name,
    (from, to): (&Catalog, &Catalog),
) -> Option<(Id, Name)> {
    let (old, place) = path.split_last()?;
    // The name of a routine has its arguments behind it.
    let split = |it: &Name| -> (String, String) {
        let at = it.as_str().find('(').unwrap_or(it.as_str().len());
        let (name, arguments) = it.as_str().split_at(at);
        (name.to_owned(), arguments.to_owned())
    };
    let is_it = |id: &Id| {
        let schema = id.schema.as_ref().or(from.home.as_ref());
        let whole: Vec<&Name> = schema.into_iter().chain(&id.owner).collect();
        let own: Vec<&Name> = id.schema.iter().chain(&id.owner).collect();
        let is_there = [whole, own].iter().any(|it| it.iter().copied().eq(place));
        is_there && (id.name == *old || split(&id.name).0 == old.as_str())
    };
    let renamed = |id: &Id| {
        let arguments = split(&id.name).1;
        let name = if arguments.is_empty() {
            new.clone()
        } else {
            Name::exact(format!("{new}{arguments}"))
        };
        Id { name, ..id.clone() }
    };
    let all = from.objects.keys().filter(|id| ddl.can_rename(id.kind) && is_it(id));
    let mut found = all.filter(|id| to.holds(&renamed(id)));
    found.next().map(|id| (renamed(id), id.name.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::autogenerate::ddl::ddl;
    use crate::catalog::Object;
    use crate::sql::Dialect;

    /// Tells which object has another name after `--rename OLD=NEW`.
    #[track_caller]
    fn check(option: (&str, &str), expected: &str) {
        assert_eq!(told(option), expected);
    }

    fn told(option: (&str, &str)) -> String {
        let catalog = |names: [&str; 5]| {
            let [table, column, routine, view, schema] = names.map(Name::exact);
            let own = Id::table(&table);
            let away = |id: Id| Id { schema: Some(schema.clone()), ..id };
            let ids = [
                own,
                Id::column(&table, &column),
                Id::new(Kind::Function, &routine),
                away(Id::new(Kind::View, &view)),
                Id::new(Kind::Schema, &schema),
            ];
            let mut res = Catalog { home: Some(Name::exact("public")), ..Catalog::default() };
            for id in ids {
                res.insert(Object::new(id));
            }
            res
        };
        let from = catalog(["t", "a", "f(integer)", "v", "s"]);
        let to = match option.1 {
            "u" => catalog(["u", "a", "f(integer)", "v", "s"]),
            "b" => catalog(["t", "b", "f(integer)", "v", "s"]),
            "g" => catalog(["t", "a", "g(integer)", "v", "s"]),
            "w" => catalog(["t", "a", "f(integer)", "w", "s"]),
            // One that moves to the other schema.
            _ => catalog(["t", "a", "f(integer)", "v", "r"]),
        };
        let hint = said(ddl(Dialect::Postgres).unwrap(), option, &from, &to);
        let id = hint.subject.unwrap();
        let place = id.place();
        let schema = hint.schema.map(|it| format!("{it} ")).unwrap_or_default();
        format!("{} {schema}{place}{} {}", id.kind, hint.old, id.name)
    }

    #[test]
    fn every_kind_can_be_named() {
        check(("t", "u"), "table t u");
        check(("public.t", "u"), "table t u");
        check(("t.a", "b"), "column t.a b");
        check(("f", "g"), "function f(integer) g(integer)");
        check(("s.v", "w"), "view s.v w");
        check(("s", "r"), "schema s r");
    }

    #[test]
    fn names_are_folded_unless_they_are_quoted() {
        check(("T", "u"), "table t u");
        check(("T.A", "b"), "column t.a b");
        check(("\"t\".\"a\"", "b"), "column t.a b");
        check(("\"T\".a", "b"), "column T.a b");
        check(("\"t.a\"", "b"), "table t.a b");
    }

    #[test]
    fn what_moves_has_its_schema_on_both_sides() {
        check(("s.v", "r.v"), "view s r.v v");
        check(("S.v", "r.\"v\""), "view s r.v v");
    }
}
