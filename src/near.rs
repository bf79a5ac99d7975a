//! The known names that a misspelled one may stand for.
//!
//! Typos at the end of a word are more common than at the beginning, so a common prefix counts.

/// The shortest common beginning that counts, in letters.
const BEGINNING: usize = 3;

/// The cost of a typo, in letters of a common beginning.
const SLIP: usize = BEGINNING + 1;

/// Returns the known names that are most similar to the given one: several only if they are equally
/// similar, in their order, and none if no name is similar.
///
/// ```
/// use limbeck::near::likely;
///
/// let commands = ["upgrade", "downgrade", "status", "stamp"];
/// assert_eq!(likely("upgade", commands), ["upgrade"]);
/// assert_eq!(likely("st", commands), ["status", "stamp"]);
/// assert!(likely("frobnicate", commands).is_empty());
/// ```
pub fn likely<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let name = name.to_lowercase();
    let mut res = Vec::new();
    let mut least = usize::MAX;
    for known in known {
        match cost(&name, &known.to_lowercase()) {
            Some(cost) if cost < least => {
                least = cost;
                res = vec![known];
            }
            Some(cost) if cost == least && !res.contains(&known) => res.push(known),
            _ => {}
        }
    }
    res
}

/// Returns the known name that is most similar to the given one, if any is.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    likely(name, known).into_iter().next()
}

/// Returns the edit cost between two names; none if they have nothing in common.
fn cost(name: &str, known: &str) -> Option<usize> {
    let (length, of_known) = (name.chars().count(), known.chars().count());
    let distance = strsim::damerau_levenshtein(name, known);
    let most = match length.max(of_known) {
        0..=3 => 1,
        4..=8 => 2,
        _ => 3,
    };
    // Cut off, as in a shell's completion, or written out.
    let is_other_length =
        length >= 2 && known.starts_with(name) || of_known >= 3 && name.starts_with(known);
    let slips = match (distance <= most && distance < of_known.min(length), is_other_length) {
        (true, true) => distance.min(2),
        (true, false) => distance,
        (false, true) => 2,
        (false, false) => return None,
    };
    let same = name.chars().zip(known.chars()).take_while(|(one, other)| one == other).count();
    Some(slips * SLIP + BEGINNING - same.min(BEGINNING))
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMANDS: [&str; 8] =
        ["init", "revision", "upgrade", "downgrade", "stamp", "status", "heads", "history"];

    #[test]
    fn a_slip_is_forgiven_wherever_it_is() {
        for (name, meant) in [
            ("upgade", "upgrade"),
            ("upgrde", "upgrade"),
            ("ugprade", "upgrade"),
            ("UPGRADE", "upgrade"),
            ("downgarde", "downgrade"),
            ("dwngrade", "downgrade"),
            ("statsu", "status"),
            ("head", "heads"),
            ("hist", "history"),
            ("rev", "revision"),
            ("initialize", "init"),
        ] {
            assert_eq!(likely(name, COMMANDS), [meant], "{name}");
        }
        assert_eq!(nearest("ulr", ["versions", "url"]), Some("url"));
        assert_eq!(nearest("HEAD", ["heads", "head"]), Some("head"));
        assert_eq!(nearest("jwt", ["generic", "jwt-auth"]), Some("jwt-auth"));
        assert_eq!(likely("sta", COMMANDS), ["stamp", "status"]);
        for name in ["", "x", "frobnicate", "no-such-command", "é"] {
            assert_eq!(likely(name, COMMANDS), [""; 0], "{name}");
        }
        assert_eq!(nearest("colour", ["url", "versions"]), None);
    }
}
