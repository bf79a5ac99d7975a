//! The differences between two catalogs.

use crate::catalog::{Attribute, Catalog, Id, Object};

/// A difference of one object between two catalogs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delta<'a> {
    /// The object is only in the second catalog.
    Create(&'a Object),
    /// The object is in both catalogs, with other attributes.
    Alter {
        old: &'a Object,
        new: &'a Object,
        /// The attributes in which the two differ.
        attributes: Vec<Attribute>,
    },
    /// The object is only in the first catalog.
    Drop(&'a Object),
}

impl Delta<'_> {
    pub fn id(&self) -> &Id {
        match self {
            Self::Create(it) | Self::Drop(it) | Self::Alter { new: it, .. } => &it.id,
        }
    }
}

/// Compares two catalogs. Kinds follow each other in their order; of each, what goes is last.
pub fn diff<'a>(from: &'a Catalog, to: &'a Catalog) -> Vec<Delta<'a>> {
    let come = to.objects.iter().filter_map(|(id, new)| match from.get(id) {
        None => Some(Delta::Create(new)),
        Some(old) if old != new => {
            let all = old.attributes.keys().chain(new.attributes.keys());
            let differs = |it: &&Attribute| old.attributes.get(**it) != new.attributes.get(**it);
            let mut attributes: Vec<Attribute> = all.filter(differs).copied().collect();
            attributes.sort_unstable();
            attributes.dedup();
            Some(Delta::Alter { old, new, attributes })
        }
        Some(_) => None,
    });
    let gone = from.objects.values().filter(|old| !to.holds(&old.id)).map(Delta::Drop);
    let mut res: Vec<Delta<'a>> = come.chain(gone).collect();
    res.sort_by_key(|it| it.id().kind);
    res
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Kind, Name, Value};

    fn object(kind: Kind, name: &str, says: &[(Attribute, &str)]) -> Object {
        let mut res = Object::new(Id::new(kind, &Name::any_case(name)));
        for (attribute, text) in says {
            res.set(attribute, Value::new(*text, text.to_lowercase()));
        }
        res
    }

    fn catalog(objects: &[Object]) -> Catalog {
        let mut res = Catalog::default();
        objects.iter().cloned().for_each(|it| res.insert(it));
        res
    }

    #[test]
    fn what_comes_changes_and_goes_is_told_kind_by_kind() {
        let from = catalog(&[
            object(Kind::View, "v", &[("body", "A"), ("check", "x")]),
            object(Kind::View, "same", &[("body", "A")]),
            object(Kind::Index, "i", &[]),
        ]);
        let to = catalog(&[
            object(Kind::View, "V", &[("body", "b"), ("columns", "c"), ("check", "X")]),
            object(Kind::View, "same", &[("body", "a")]),
            object(Kind::View, "w", &[]),
            object(Kind::Index, "j", &[]),
        ]);
        let said = |it: &Delta<'_>| match it {
            Delta::Create(it) => format!("+{}", it.id.name),
            Delta::Drop(it) => format!("-{}", it.id.name),
            Delta::Alter { new, attributes, .. } => {
                format!("{}:{}", new.id.name, attributes.join(","))
            }
        };
        let res: Vec<String> = diff(&from, &to).iter().map(said).collect();
        assert_eq!(res, ["+j", "-i", "V:body,columns", "+w"]);
        assert_eq!(diff(&to, &to), []);
    }
}
