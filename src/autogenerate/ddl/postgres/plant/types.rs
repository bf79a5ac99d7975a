//! The types of a database, as far as values of them are made.

use std::collections::BTreeMap;

use crate::database::{Connection, DatabaseError, Values as _};

/// The number of a type in the server's catalog.
pub(super) type TypeId = u32;

const TYPES: &str = "
    SELECT t.oid, pg_catalog.format_type(t.oid, -1), t.typname, t.typtype, t.typcategory,
        t.typbasetype, t.typtypmod, CASE WHEN t.typcategory = 'A' THEN t.typelem ELSE 0 END,
        r.rngsubtype, t.typnotnull
    FROM pg_catalog.pg_type t LEFT JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid
    WHERE t.typtype <> 'p'";

/// The ranges of multiranges, which are in the catalog of types since 14.
const MULTIRANGES: &str = "SELECT t.oid, r.oid FROM pg_catalog.pg_type t
    JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass
        AND d.objid = t.oid AND d.refclassid = d.classid AND d.deptype = 'i'
    JOIN pg_catalog.pg_type r ON r.oid = d.refobjid AND r.typtype = 'r'
    WHERE t.typtype = 'm'";

const LABELS: &str =
    "SELECT enumtypid, enumlabel FROM pg_catalog.pg_enum ORDER BY enumtypid, enumsortorder";

const CHECKS: &str = "SELECT contypid, pg_catalog.pg_get_expr(conbin, 0)
    FROM pg_catalog.pg_constraint WHERE contypid <> 0 AND contype = 'c' ORDER BY oid";

const ATTRIBUTES: &str = "
    SELECT c.reltype, a.atttypid, a.atttypmod
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
    WHERE c.oid >= 16384 AND c.relkind IN ('c', 'r', 'p') AND c.reltype <> 0
        AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attrelid, a.attnum";

/// A type with its modifier, which is negative if there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) id: TypeId,
    pub(super) modifier: i32,
}

/// The structure of a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    Plain,
    Enum(Vec<String>),
    Domain(Typed),
    Array(TypeId),
    Composite(Vec<Typed>),
    Range(TypeId),
    Multirange(Option<TypeId>),
}

/// A type of a database.
#[derive(Debug, Clone)]
pub(super) struct Type {
    /// The name as it stands in a cast that doesn't cut values.
    pub(super) written: String,
    /// The bare name.
    pub(super) name: String,
    /// The category, as one letter of the server's catalog.
    pub(super) category: char,
    pub(super) shape: Shape,
    /// The conditions of a domain, on `VALUE`.
    pub(super) checks: Vec<String>,
    /// Whether a domain refuses NULL.
    pub(super) is_required: bool,
}

/// All types of a database.
#[derive(Debug, Default)]
pub(super) struct Types(BTreeMap<TypeId, Type>);

impl Types {
    pub(super) fn read(connection: &mut dyn Connection) -> Result<Self, DatabaseError> {
        let mut res = Self::default();
        for row in connection.query(TYPES)? {
            let number = |at| row.text(at).parse::<TypeId>().unwrap_or_default();
            let modifier = row.text(6).parse().unwrap_or(-1);
            let shape = match (row.text(3), number(7)) {
                ("e", _) => Shape::Enum(Vec::new()),
                ("d", _) => Shape::Domain(Typed { id: number(5), modifier }),
                ("c", _) => Shape::Composite(Vec::new()),
                ("r", _) => Shape::Range(number(8)),
                ("m", _) => Shape::Multirange(None),
                (_, 0) => Shape::Plain,
                (_, element) => Shape::Array(element),
            };
            let category = row.text(4).chars().next().unwrap_or('U');
            let (written, name) = (row.text(1).to_owned(), row.text(2).to_owned());
            let (checks, is_required) = (Vec::new(), row.flag(9));
            let own = Type { written, name, category, shape, checks, is_required };
            res.0.insert(number(0), own);
        }
        for row in connection.query(LABELS)? {
            res.at(row.text(0), |it| {
                if let Shape::Enum(labels) = &mut it.shape {
                    labels.push(row.text(1).to_owned());
                }
            });
        }
        for row in connection.query(CHECKS)? {
            res.at(row.text(0), |it| it.checks.push(row.text(1).to_owned()));
        }
        for row in connection.query(ATTRIBUTES)? {
            let id = row.text(1).parse().unwrap_or_default();
            let modifier = row.text(2).parse().unwrap_or(-1);
            res.at(row.text(0), |it| {
                if let Shape::Composite(attributes) = &mut it.shape {
                    attributes.push(Typed { id, modifier });
                }
            });
        }
        for row in connection.query(MULTIRANGES)? {
            let range = row.text(1).parse().ok();
            res.at(row.text(0), |it| it.shape = Shape::Multirange(range));
        }
        Ok(res)
    }

    fn at(&mut self, id: &str, change: impl FnOnce(&mut Type)) {
        if let Some(it) = id.parse().ok().and_then(|id: TypeId| self.0.get_mut(&id)) {
            change(it);
        }
    }

    pub(super) fn get(&self, id: TypeId) -> Option<&Type> {
        self.0.get(&id)
    }

    /// Finds the type below domains.
    pub(super) fn base(&self, mut typed: Typed) -> Typed {
        while let Some(Shape::Domain(below)) = self.get(typed.id).map(|it| &it.shape) {
            typed = *below;
        }
        typed
    }

    /// Tells whether one of the domains that a type is made of refuses NULL.
    pub(super) fn refuses_null(&self, mut typed: Typed) -> bool {
        while let Some(Type { shape: Shape::Domain(below), is_required, .. }) = self.get(typed.id) {
            if *is_required {
                return true;
            }
            typed = *below;
        }
        false
    }

    /// Returns the conditions of the domains that a type is made of.
    pub(super) fn checks(&self, mut typed: Typed) -> Vec<&str> {
        let mut res = Vec::new();
        while let Some(Type { shape: Shape::Domain(below), checks, .. }) = self.get(typed.id) {
            res.extend(checks.iter().map(String::as_str));
            typed = *below;
        }
        res
    }

    /// Writes the type of a column's values, without domains.
    pub(super) fn written(&self, typed: Typed) -> &str {
        self.get(self.base(typed).id).map_or("text", |it| &it.written)
    }

    #[cfg(test)]
    pub(super) fn of(types: impl IntoIterator<Item = (TypeId, &'static str, Shape)>) -> Self {
        let types = types.into_iter().map(|(id, name, shape)| {
            let (written, name) = (name.to_owned(), name.to_owned());
            (
                id,
                Type {
                    written,
                    name,
                    category: 'U',
                    shape,
                    checks: Vec::new(),
                    is_required: false,
                },
            )
        });
        Self(types.collect())
    }
}
