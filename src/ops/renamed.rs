//! The hints of renames that revisions have followed.

use crate::autogenerate::RenameHint;
use crate::catalog::{Catalog, Id, Kind, Name};
use crate::error::Error;
use crate::ops::autogenerate::all_up_to;
use crate::project::Project;
use crate::sql::{Cursor, Dialect, Splitter, TokenKind};

/// A rename or a move done by a script: the place at first, and where the object is now. Kinds that
/// share their names are one here.
type Done = (Id, Id);

/// The words of statements that rename, with the kinds of the objects: longer ones stand first.
const WORDS: [(&[&str], Kind); 18] = [
    (&["EVENT", "TRIGGER"], Kind::EventTrigger),
    (&["FOREIGN", "TABLE"], Kind::Table),
    (&["MATERIALIZED", "VIEW"], Kind::Table),
    (&["AGGREGATE"], Kind::Function),
    (&["COLLATION"], Kind::Collation),
    (&["DOMAIN"], Kind::Enum),
    (&["FUNCTION"], Kind::Function),
    (&["INDEX"], Kind::Table),
    (&["POLICY"], Kind::Policy),
    (&["PROCEDURE"], Kind::Function),
    (&["ROUTINE"], Kind::Function),
    (&["RULE"], Kind::Rule),
    (&["SCHEMA"], Kind::Schema),
    (&["SEQUENCE"], Kind::Table),
    (&["STATISTICS"], Kind::Statistics),
    (&["TABLE"], Kind::Table),
    (&["TRIGGER"], Kind::Trigger),
    (&["TYPE"], Kind::Enum),
];

/// Marks the hints that a revision has done; only those that names alone don't settle are checked.
pub(super) fn mark(
    project: &Project,
    hints: &mut [RenameHint],
    from: &Catalog,
) -> Result<(), Error> {
    let home = from.home.as_ref();
    let places: Vec<Option<(Id, Id)>> = hints.iter().map(|it| places(it, home)).collect();
    let pairs: Vec<&(Id, Id)> = places.iter().flatten().collect();
    if !pairs.iter().any(|(_, new)| pairs.iter().any(|(old, _)| old == new)) {
        return Ok(());
    }
    let mut done = all_done(project, home)?;
    let is_due = |(old, new): &&&(Id, Id)| {
        let is_there =
            from.holds(old) && (!from.holds(new) || !done.iter().any(|it| is_of(it, old, new)));
        old.kind == Kind::Schema && is_there
    };
    let due: Vec<&(Id, Id)> = pairs.iter().filter(is_due).copied().collect();
    go_along(&mut done, &due);
    let is_done = |(old, new): &(Id, Id)| done.iter().any(|it| is_of(it, old, new));
    // A swap is done as a whole: a half of it that a revision has done was another rename, before.
    let is_half =
        |(old, new): &(Id, Id)| pairs.iter().any(|it| (&it.1, &it.0) == (old, new) && !is_done(it));
    for (hint, pair) in hints.iter_mut().zip(&places) {
        hint.done = pair.as_ref().is_some_and(|it| is_done(it) && !is_half(it));
    }
    Ok(())
}

/// Finds the renames of all revisions, in their order.
fn all_done(project: &Project, home: Option<&Name>) -> Result<Vec<Done>, Error> {
    let dialect = project.dialect()?;
    let mut res: Vec<Done> = Vec::new();
    for step in all_up_to(project, "heads")?.steps {
        let Some(text) = project.graph.revision(step.node).up_text()? else { continue };
        let own = of_script(&text, dialect, home);
        let schemas: Vec<&(Id, Id)> =
            own.iter().filter(|(was, _)| was.kind == Kind::Schema).collect();
        go_along(&mut res, &schemas);
        res.extend(own);
    }
    Ok(res)
}

/// Lets what is in renamed schemas go along with them.
fn go_along(done: &mut [Done], schemas: &[&(Id, Id)]) {
    for place in done.iter_mut().flat_map(|(was, now)| [was, now]) {
        let is_own = |(old, _): &&&(Id, Id)| Some(&old.name) == place.schema.as_ref();
        if let Some((_, new)) = schemas.iter().find(is_own) {
            place.schema = Some(new.name.clone());
        }
    }
}

/// Finds the renames of a script. What is put aside on its way is followed to the end.
fn of_script(text: &str, dialect: Dialect, home: Option<&Name>) -> Vec<Done> {
    // The last part tells whether a rename belongs to those that are being taken in.
    let mut res: Vec<(Id, Id, bool)> = Vec::new();
    // A script that can't be split is reported when it is to run.
    for statement in Splitter::new(text, dialect).map_while(Result::ok) {
        let reader = Reader { cursor: Cursor::of(&statement), dialect, home };
        for together in reader.renames() {
            let before = res.len();
            for (was, now) in together {
                let known = res.iter_mut().take(before).find(|it| it.1 == was && !it.2);
                match known {
                    Some(known) => (known.1, known.2) = (now, true),
                    None => res.push((was, now, true)),
                }
            }
            for it in &mut res {
                it.2 = false;
            }
        }
    }
    res.into_iter().map(|(was, now, _)| (was, now)).collect()
}

/// Tells whether a rename is that from one place to another. The table of a part isn't compared, since it
/// may have another name by now, and following a hint twice would mix values up.
fn is_of((was, now): &Done, old: &Id, new: &Id) -> bool {
    let is_one = |one: &Id, other: &Id| {
        (one.kind, &one.name, one.owner.is_some())
            == (other.kind, &other.name, other.owner.is_some())
            && (one.owner.is_some() || one.schema == other.schema)
    };
    is_one(was, old) && is_one(now, new)
}

/// Returns the places of a hint's object, the old one and the new one.
fn places(hint: &RenameHint, home: Option<&Name>) -> Option<(Id, Id)> {
    let subject = hint.subject.as_ref()?;
    let kind = word_of(subject.kind)?;
    let own = |it: &Option<Name>| it.clone().filter(|it| Some(it) != home);
    let (name, arguments) = divided(subject);
    let new = Id { kind, schema: own(&subject.schema), name, ..subject.clone() };
    let schema = match &hint.schema {
        Some(_) if new.owner.is_none() => own(&hint.schema),
        Some(_) | None => new.schema.clone(),
    };
    let name = match arguments {
        Some(arguments) => Name::exact(format!("{}({arguments}", hint.old)),
        None => hint.old.clone(),
    };
    Some((Id { schema, name, ..new.clone() }, new))
}

/// Returns the name of an object as it is compared, and the arguments of a routine.
fn divided(id: &Id) -> (Name, Option<String>) {
    let is_routine = word_of(id.kind) == Some(Kind::Function);
    match id.name.as_str().split_once('(').filter(|_| is_routine) {
        Some((bare, rest)) => {
            let rest: String = rest.split_whitespace().collect();
            (Name::exact(format!("{bare}({rest}")), Some(rest))
        }
        None => (id.name.clone(), None),
    }
}

/// Returns the kind that stands for all that share their names with one; none if nothing renames it.
fn word_of(kind: Kind) -> Option<Kind> {
    Some(match kind {
        Kind::Enum | Kind::Domain | Kind::Composite | Kind::Range => Kind::Enum,
        Kind::Function | Kind::Procedure | Kind::Aggregate => Kind::Function,
        Kind::Table | Kind::View | Kind::MaterializedView | Kind::Sequence | Kind::Index => {
            Kind::Table
        }
        Kind::DomainCheck
        | Kind::PrimaryKey
        | Kind::Unique
        | Kind::Check
        | Kind::Exclusion
        | Kind::ForeignKey => Kind::Check,
        Kind::Schema
        | Kind::Collation
        | Kind::Column
        | Kind::Statistics
        | Kind::Trigger
        | Kind::Rule
        | Kind::Policy
        | Kind::EventTrigger => kind,
        Kind::Extension | Kind::Event | Kind::Default | Kind::DefaultPrivileges | Kind::Opaque => {
            return None;
        }
    })
}

/// Reads a statement that renames or moves something.
struct Reader<'a> {
    cursor: Cursor<'a>,
    dialect: Dialect,
    home: Option<&'a Name>,
}

impl Reader<'_> {
    /// Reads the renames of a statement: those that are done at once lie together.
    fn renames(mut self) -> Vec<Vec<Done>> {
        if self.dialect == Dialect::MySql && self.cursor.accept(&["RENAME"]) {
            return self.tables().unwrap_or_default();
        }
        self.altered().into_iter().collect()
    }

    /// Reads the tables of RENAME TABLE, which are renamed one after the other (MySQL).
    fn tables(&mut self) -> Option<Vec<Vec<Done>>> {
        self.cursor.pass(&["TABLE", "TABLES"]);
        let mut res = Vec::new();
        loop {
            let was = self.object(Kind::Table)?;
            self.cursor.expect("TO").ok()?;
            res.push(vec![(was, self.object(Kind::Table)?)]);
            if !self.cursor.accept_symbol(",") {
                return self.cursor.is_at_end().then_some(res);
            }
        }
    }

    /// Reads the rename of an ALTER, or several of columns.
    fn altered(&mut self) -> Option<Vec<Done>> {
        if !self.cursor.accept(&["ALTER"]) {
            return None;
        }
        let mut words = WORDS.iter();
        let (_, kind) = words.find(|(words, _)| self.cursor.accept(words))?;
        self.cursor.pass(&["IF", "EXISTS", "ONLY"]);
        let was = self.object(*kind)?;
        if self.cursor.accept(&["SET", "SCHEMA"]) {
            let schema = Some(self.name()?).filter(|it| Some(it) != self.home);
            let done = vec![(was.clone(), Id { schema, ..was })];
            return self.cursor.is_at_end().then_some(done);
        }
        let mut res = Vec::new();
        loop {
            self.cursor.accept(&["RENAME"]).then_some(())?;
            res.push(self.renamed(was.clone())?);
            if !self.cursor.accept_symbol(",") {
                return self.cursor.is_at_end().then_some(res);
            }
        }
    }

    /// Reads the place of the object behind its kind.
    fn object(&mut self, kind: Kind) -> Option<Id> {
        let (schema, mut name) = self.qualified()?;
        if self.dialect == Dialect::MySql {
            // Of tables every letter may count.
            name = Name::exact(name.as_str());
        }
        if [Kind::Trigger, Kind::Rule, Kind::Policy].contains(&kind) {
            self.cursor.expect("ON").ok()?;
            let (schema, table) = self.qualified()?;
            return Some(Id { schema, ..Id::part(kind, &table, &name) });
        }
        if kind != Kind::Function {
            return Some(Id { schema, ..Id::new(kind, &name) });
        }
        let arguments = self.cursor.parenthesized().ok()?;
        let arguments: String = arguments.iter().map(|it| it.text).collect();
        let name = Name::exact(format!("{name}({arguments})"));
        Some(Id { schema, ..Id::new(kind, &name) })
    }

    /// Reads what stands behind RENAME: the new name of an object, or the names of a part of it.
    fn renamed(&mut self, of: Id) -> Option<Done> {
        if self.cursor.accept(&["TO"]) {
            let mut name = self.name()?;
            if let (_, Some(arguments)) = divided(&of) {
                name = Name::exact(format!("{name}({arguments}"));
            }
            return Some((of.clone(), Id { name, ..of }));
        }
        let kind = if self.cursor.accept(&["CONSTRAINT"]) {
            Kind::Check
        } else if self.cursor.accept(&["VALUE"]) {
            Kind::Enum
        } else if self.cursor.accept(&["INDEX"]) || self.cursor.accept(&["KEY"]) {
            Kind::Table
        } else {
            self.cursor.pass(&["COLUMN"]);
            Kind::Column
        };
        let old = self.name()?;
        self.cursor.expect("TO").ok()?;
        let new = self.name()?;
        let part = |name: &Name| Id { schema: of.schema.clone(), ..Id::part(kind, &of.name, name) };
        Some((part(&old), part(&new)))
    }

    fn qualified(&mut self) -> Option<(Option<Name>, Name)> {
        let (mut schema, mut name) = (None, self.name()?);
        while self.cursor.accept_symbol(".") {
            schema = Some(std::mem::replace(&mut name, self.name()?));
        }
        Some((schema.filter(|it| Some(it) != self.home), name))
    }

    /// Reads a name as the engine compares it.
    fn name(&mut self) -> Option<Name> {
        let is_bare = self.cursor.peek()?.kind == TokenKind::Word;
        let name = self.cursor.name().ok()?;
        Some(match self.dialect {
            Dialect::Postgres if is_bare => Name::exact(name.to_lowercase()),
            Dialect::Postgres => Name::exact(name),
            Dialect::Sqlite | Dialect::MySql => Name::any_case(name),
        })
    }
}
