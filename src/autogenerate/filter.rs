//! Which objects are looked at: the patterns of `include` and `exclude`.

use crate::schema::{Name, Schema};

/// Patterns of names; `*` stands for anything, `?` for one character.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// What is looked at; everything, if there is none.
    pub include: Vec<String>,
    /// What is left out all the same.
    pub exclude: Vec<String>,
}

impl Filter {
    /// Tells whether everything is looked at.
    pub(crate) fn takes_all(&self) -> bool {
        self.include.is_empty() && self.exclude.is_empty()
    }

    /// Tells whether a table or a view is looked at.
    pub fn takes(&self, name: &Name) -> bool {
        let any = |patterns: &[String]| {
            patterns.iter().any(|pattern| {
                let pattern = pattern.to_lowercase();
                let name = name.as_str().to_lowercase();
                matches(&pattern, &name) || matches(&pattern, &format!("main.{name}"))
            })
        };
        (self.include.is_empty() || any(&self.include)) && !any(&self.exclude)
    }

    /// Returns the wanted schema, with what isn't looked at as it is now.
    pub(crate) fn apply(&self, from: &Schema, to: &Schema) -> Schema {
        if self.takes_all() {
            return to.clone();
        }
        let mut res = Schema::default();
        let side = |name: &Name| if self.takes(name) { to } else { from };
        for schema in [from, to] {
            let mine = |name: &Name| std::ptr::eq(side(name), schema);
            let tables = schema.tables.iter().filter(|(name, _)| mine(name));
            res.tables.extend(tables.map(|(name, it)| (name.clone(), it.clone())));
            let views = schema.views.iter().filter(|(name, _)| mine(name));
            res.views.extend(views.map(|(name, it)| (name.clone(), it.clone())));
            let indexes = schema
                .indexes
                .iter()
                .filter(|(name, it)| mine(&it.table) && self.own(name, &it.table));
            res.indexes.extend(indexes.map(|(name, it)| (name.clone(), it.clone())));
            let triggers = schema
                .triggers
                .iter()
                .filter(|(name, it)| mine(&it.target) && self.own(name, &it.target));
            res.triggers.extend(triggers.map(|(name, it)| (name.clone(), it.clone())));
        }
        // An index or a trigger that is left out itself stays as it is.
        for (name, index) in &from.indexes {
            if !self.own(name, &index.table) && res.tables.contains_key(&index.table) {
                res.indexes.insert(name.clone(), index.clone());
            }
        }
        for (name, trigger) in &from.triggers {
            let is_there =
                res.tables.contains_key(&trigger.target) || res.views.contains_key(&trigger.target);
            if !self.own(name, &trigger.target) && is_there {
                res.triggers.insert(name.clone(), trigger.clone());
            }
        }
        res
    }

    /// Tells whether what hangs on a table goes with it, rather than being left out itself.
    fn own(&self, name: &Name, owner: &Name) -> bool {
        let alone = Self { include: Vec::new(), exclude: self.exclude.clone() };
        !self.takes(owner) || alone.takes(name)
    }
}

/// Matches a name with a pattern.
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
                let Some((back, begin)) = star else {
                    return false;
                };
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
        assert!(filter.takes(&"App_users".into()));
        assert!(!filter.takes(&"app_log".into()));
        assert!(!filter.takes(&"users".into()));
    }
}
