//! Lists of words, written as such.

/// Makes a list of texts of words that nothing separates.
macro_rules! words {
    ($($word:ident)*) => { &[$(stringify!($word)),*] };
}

pub(crate) use words;
