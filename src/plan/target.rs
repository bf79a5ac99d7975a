//! A parsed target, as a user types it.

/// A parsed target `[BRANCH@][SYMBOL][±N]` with a symbol, an offset, or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub text: String,
    /// The part before `@`: a branch label or a revision.
    pub branch: Option<String>,
    /// An id, a prefix of one, a label, `head`, `heads` or `base`.
    pub symbol: Option<String>,
    /// The number of revisions to walk, up if positive.
    pub offset: Option<i64>,
}

impl Target {
    /// Parses a target. Any text is accepted; the graph decides what it refers to.
    pub fn parse(text: &str) -> Self {
        let (branch, rest) = match text.split_once('@') {
            Some((branch, rest)) if !branch.is_empty() => (Some(branch.to_owned()), rest),
            _ => (None, text),
        };
        let (symbol, offset) = split_offset(rest).unwrap_or((rest, None));
        let symbol = (!symbol.is_empty() || offset.is_none()).then(|| symbol.to_owned());
        Self { text: text.to_owned(), branch, symbol, offset }
    }

    pub fn name(name: &str) -> Self {
        let (text, symbol) = (name.to_owned(), Some(name.to_owned()));
        Self { text, branch: None, symbol, offset: None }
    }
}

/// The goal of an upgrade, a downgrade or a stamp.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goal {
    /// A target, from the current state of the database.
    To(Target),
    /// A target from a given start: `START:TARGET`.
    Range {
        /// The assumed state of the database.
        start: Target,
        /// The revision to reach.
        target: Target,
    },
}

impl Goal {
    /// Parses a target or a range of two.
    pub fn parse(text: &str) -> Self {
        match text.split_once(':') {
            Some((start, target)) => {
                Self::Range { start: Target::parse(start), target: Target::parse(target) }
            }
            None => Self::To(Target::parse(text)),
        }
    }
}

fn split_offset(text: &str) -> Option<(&str, Option<i64>)> {
    let (symbol, offset) = text.split_at(text.find(['+', '-'])?);
    let digits = offset.get(1..)?;
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // No graph is so long that a number past 64 bits makes a difference.
    let count = digits.parse().unwrap_or(i64::MAX);
    Some((symbol, Some(if offset.starts_with('-') { -count } else { count })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, branch: Option<&str>, symbol: Option<&str>, offset: Option<i64>) {
        let target = Target::parse(text);
        let parts = (target.branch.as_deref(), target.symbol.as_deref(), target.offset);
        assert_eq!(parts, (branch, symbol, offset), "{text}");
    }

    #[test]
    fn every_form_is_taken_apart_and_what_is_none_is_a_name() {
        check("head", None, Some("head"), None);
        check("auth@head", Some("auth"), Some("head"), None);
        check("+2", None, None, Some(2));
        check("-1", None, None, Some(-1));
        check("ae10+2", None, Some("ae10"), Some(2));
        check("auth@-1", Some("auth"), None, Some(-1));
        check("auth@ae10-3", Some("auth"), Some("ae10"), Some(-3));
        check("1.0-1", None, Some("1.0"), Some(-1));
        check("+99999999999999999999", None, None, Some(i64::MAX));
        check("", None, Some(""), None);
        check("abc+1xyz", None, Some("abc+1xyz"), None);
        check("abc-", None, Some("abc-"), None);
        check("@head", None, Some("@head"), None);
    }
}
