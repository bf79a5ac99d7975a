//! The filter of compared objects: the patterns of `include` and `exclude`.

use crate::catalog::{Catalog, Object};

/// Patterns of names; `*` stands for anything, `?` for one character.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Patterns of the tables and views that are compared; all, if there is none.
    pub include: Vec<String>,
    /// Patterns of the tables and views that are left out even if `include` matches them.
    pub exclude: Vec<String>,
}

impl Filter {
    /// Tells whether the filter excludes nothing.
    pub fn takes_all(&self) -> bool {
        self.include.is_empty() && self.exclude.is_empty()
    }

    /// Tells whether the filter includes a table or view of this name.
    pub fn takes(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        let any = |patterns: &[String]| {
            patterns.iter().any(|pattern| {
                let pattern = pattern.to_lowercase();
                matches(&pattern, &name) || matches(&pattern, &format!("main.{name}"))
            })
        };
        (self.include.is_empty() || any(&self.include)) && !any(&self.exclude)
    }

    /// Returns the wanted catalog in which excluded objects are as they are now.
    pub fn apply(&self, from: &Catalog, to: &Catalog) -> Catalog {
        if self.takes_all() {
            return to.clone();
        }
        let wanted = to.objects.values().filter(|it| self.takes(owner(it)) && self.own(it));
        let kept = from.objects.values().filter(|it| !self.takes(owner(it)));
        let mut res = Catalog { home: to.home.clone(), ..Catalog::default() };
        kept.chain(wanted).for_each(|it| res.insert(it.clone()));
        // An index or a trigger that is left out itself stays as it is.
        for object in from.objects.values().filter(|it| !self.own(it)) {
            if object.parent.as_ref().is_some_and(|it| res.holds(it)) {
                res.insert(object.clone());
            }
        }
        res
    }

    /// Tells whether a dependent of a table is included whenever its table is.
    fn own(&self, object: &Object) -> bool {
        let alone = Self { include: Vec::new(), exclude: self.exclude.clone() };
        let is_named = object.parent.is_some() && !object.id.kind.is_part();
        !is_named || !self.takes(owner(object)) || alone.takes(object.id.name.as_str())
    }
}

/// Returns the name of the table that an object belongs to, or its own.
fn owner(object: &Object) -> &str {
    object.parent.as_ref().unwrap_or(&object.id).name.as_str()
}

fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), name.chars().collect());
    let (mut at, mut in_name) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while in_name < name.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, in_name));
                at += 1;
            }
            Some(c) if *c == '?' || name.get(in_name) == Some(c) => {
                at += 1;
                in_name += 1;
            }
            _ => {
                let Some((back, begin)) = star else { return false };
                star = Some((back, begin + 1));
                at = back + 1;
                in_name = begin + 1;
            }
        }
    }
    pattern.get(at..).unwrap_or_default().iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Id, Kind, Name};

    #[test]
    fn patterns_match_whole_names() {
        for (pattern, name) in
            [("*", ""), ("a*", "abc"), ("*c", "abc"), ("a?c", "abc"), ("*b*", "abc")]
        {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [("a", "abc"), ("?", ""), ("*d", "abc"), ("a?", "abc")] {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
    }

    #[test]
    fn what_is_left_out_is_left_out_with_all_that_hangs_on_it() {
        let filter = Filter { include: vec!["app_*".into()], exclude: vec!["*_LOG".into()] };
        assert!(filter.takes("App_users"));
        assert!(!filter.takes("app_log"));
        assert!(!filter.takes("users"));
    }

    #[test]
    fn what_is_not_looked_at_stays_with_all_that_hangs_on_it() {
        let catalog = |comment: &str| {
            let mut res = Catalog::default();
            let id = |kind, name: &str| Id::new(kind, &Name::exact(name));
            for (kind, name, parent) in [
                (Kind::Table, "a", None),
                (Kind::Table, "b", None),
                (Kind::Index, "i", Some("a")),
                (Kind::Index, "i_tmp", Some("a")),
                (Kind::Index, "j", Some("b")),
            ] {
                let mut object = Object::new(id(kind, name));
                object.parent = parent.map(|it| id(Kind::Table, it));
                object.sql = Some(comment.to_owned());
                res.insert(object);
            }
            res
        };
        let filter = Filter { include: Vec::new(), exclude: vec!["b".into(), "*_tmp".into()] };
        let res = filter.apply(&catalog("old"), &catalog("new"));
        let told = |it: &Object| format!("{}:{}", it.id.name, it.statement());
        let told: Vec<String> = res.objects.values().map(told).collect();
        assert_eq!(told, ["a:new", "b:old", "i:new", "i_tmp:old", "j:old"]);
    }
}
