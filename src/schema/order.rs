//! What comes before what.

use std::collections::{BTreeMap, BTreeSet};

use crate::schema::Name;

/// Orders names so that each comes after those that it needs, and by name otherwise; in a circle
/// the one that comes first by name begins.
pub fn sorted(needs: &BTreeMap<Name, BTreeSet<Name>>) -> Vec<Name> {
    let mut res = Vec::new();
    let mut met: BTreeSet<&Name> = BTreeSet::new();
    for start in needs.keys() {
        if !met.insert(start) {
            continue;
        }
        let mut path = vec![(start, needs.get(start).into_iter().flatten())];
        while let Some((name, open)) = path.last_mut() {
            let next = open.find(|need| needs.contains_key(*need) && !met.contains(*need));
            if let Some(need) = next {
                met.insert(need);
                path.push((need, needs.get(need).into_iter().flatten()));
            } else {
                res.push((*name).clone());
                path.pop();
            }
        }
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(needs: &[(&str, &[&str])], expected: &str) {
        let names = |names: &[&str]| names.iter().map(|name| Name::from(*name)).collect();
        let needs = needs.iter().map(|(name, needs)| (Name::from(*name), names(needs))).collect();
        let res: Vec<String> = sorted(&needs).iter().map(Name::to_string).collect();
        assert_eq!(res.join(" "), expected);
    }

    #[test]
    fn what_is_needed_comes_first() {
        check(&[("a", &["b"]), ("b", &["c"]), ("c", &[])], "c b a");
        check(&[("a", &[]), ("b", &["nowhere"]), ("c", &["a"])], "a b c");
    }

    #[test]
    fn circles_end() {
        check(&[("a", &["b"]), ("b", &["a"]), ("c", &["c"])], "b a c");
    }
}
