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
        quoted.unwrap_or_else(|| Name::any_case(text))
    };
    let new_column = name(new.rsplit('.').next().unwrap_or(new));
    let path: Vec<Name> = old.split('.').map(name).collect();
    if let Some((subject, old)) = named(ddl, &path, &new_column, (from, to)) {
        return RenameHint { subject: Some(subject), old, place: None, done: false };
    }
    let (subject, old) = if let Some((table, old)) = old.split_once('.') {
        (Id::column(&name(table), &new_column), name(old))
    } else {
        let (old, new) = (name(old), name(new));
        let index = |name: &Name| Id::new(Kind::Index, name);
        let is_index = from.holds(&index(&old)) || to.holds(&index(&new));
        (Id::new(if is_index { Kind::Index } else { Kind::Table }, &new), old)
    };
    RenameHint { subject: Some(subject), old, place: None, done: false }
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
            _ => catalog(["t", "a", "f(integer)", "v", "r"]),
        };
        let hint = said(ddl(Dialect::Postgres).unwrap(), option, &from, &to);
        let id = hint.subject.unwrap();
        let place = id.place();
        assert_eq!(format!("{} {place}{} {}", id.kind, hint.old, id.name), expected);
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
}
