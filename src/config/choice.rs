//! Values that are one of a few words.

use crate::config::ConfigError;
use crate::config::place::{Located, shown};

/// Words of a value, and what each stands for.
pub(crate) type Words<T> = (&'static [&'static str], &'static [T]);

/// Returns the choice that a text names; the message shows the text before placeholders are filled
/// in.
pub(crate) fn choice<T: Copy>(
    written: &Located<String>,
    text: &str,
    (names, values): Words<T>,
) -> Result<T, ConfigError> {
    let mut pairs = names.iter().zip(values);
    match pairs.find(|(name, _)| **name == text) {
        Some((_, value)) => Ok(*value),
        None => Err(ConfigError::NotOneOf {
            place: written.place.clone(),
            key: written.key.clone(),
            value: shown(&written.value),
            allowed: names,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::Place;
    use std::path::Path;

    #[test]
    fn a_wrong_word_is_shown_as_written_and_hinted() {
        let place = Box::new(Place::at(Path::new("migrate.toml"), "", 1, 1));
        let written = Located { key: "a".to_owned(), value: "alow".to_owned(), place };
        let error = choice(&written, "s3cr3t", (&["allow", "refuse"], &[1, 2])).unwrap_err();
        assert_eq!(error.to_string(), "`a` is `alow`, but must be `allow` or `refuse`");
        assert_eq!(error.hint().as_deref(), Some("did you mean `allow`?"));
        assert_eq!(choice(&written, "refuse", (&["allow", "refuse"], &[1, 2])).unwrap(), 2);
    }
}
