//! What a user may type: targets that mostly mean something, and any text.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::family::{Drawn, MOST};

/// Pieces of targets, ranges and heads, from which nonsense is made that comes close to sense.
const PIECES: &str = "head|heads|base|current|@|+|-|:|1|2|0|99999999999999999999|abcd|line|é| |,|;\
     |\u{feff}|\u{2003}|\u{2028}|\0|\n|\r\n|\r|\t|--|-- |Revision ID|Revises|Revise\
     |Create Date|Branch Labels|Depends On|Transaction: none|Foreign Keys: on|Variables|<<<<<<<";

/// Draws one of the pieces.
pub(crate) fn piece() -> impl Strategy<Value = &'static str> {
    select(PIECES.split('|').collect::<Vec<_>>())
}

/// A target that mostly means something, in a graph that is not known yet.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    /// Which kinds of names.
    branch: Option<(u8, usize)>,
    symbol: Option<(u8, usize)>,
    offset: Option<i64>,
}

pub(crate) fn ask() -> impl Strategy<Value = Ask> {
    let name = || (0..12_u8, 0..MOST);
    let form = |branch: f64, symbol: f64, offset: f64| {
        let branch = prop::option::weighted(branch, name());
        let symbol = prop::option::weighted(symbol, name());
        (branch, symbol, prop::option::weighted(offset, -4..=4_i64))
    };
    // Names alone, relative forms alone, and all of it mixed.
    prop_oneof![5 => form(0.1, 0.98, 0.02), 2 => form(0.2, 0.02, 0.98), 2 => form(0.4, 0.8, 0.5)]
        .prop_map(|(branch, symbol, offset)| Ask { branch, symbol, offset })
}

impl Ask {
    pub(crate) fn text(&self, drawn: &[Drawn]) -> String {
        let mut res = self.branch.map_or(String::new(), |it| Self::name(it, drawn) + "@");
        res.extend(self.symbol.map(|it| Self::name(it, drawn)));
        res.extend(self.offset.map(|it| format!("{it:+}")));
        res
    }

    fn name((kind, at): (u8, usize), drawn: &[Drawn]) -> String {
        let labels: Vec<&String> = drawn.iter().filter_map(|it| it.label.as_ref()).collect();
        let one = at.checked_rem(drawn.len()).map_or("nothing", |at| drawn[at].id.as_str());
        match kind {
            0..=5 => one.to_owned(),
            6 => one.chars().take(5).collect(),
            7 => at.checked_rem(labels.len()).map_or("nowhere", |at| labels[at]).to_owned(),
            8 => "head".to_owned(),
            9 => "heads".to_owned(),
            10 => "base".to_owned(),
            _ => "current".to_owned(),
        }
    }
}

/// A target, or any text.
#[derive(Debug, Clone)]
pub(crate) enum Typed {
    Ask(Ask),
    Text(String),
}

pub(crate) fn ask_or_text() -> impl Strategy<Value = Typed> {
    prop_oneof![ask().prop_map(Typed::Ask), any_text().prop_map(Typed::Text)]
}

impl Typed {
    pub(crate) fn text(&self, drawn: &[Drawn]) -> String {
        match self {
            Self::Ask(ask) => ask.text(drawn),
            Self::Text(text) => text.clone(),
        }
    }
}

/// Any text: random characters, or pieces that nearly make sense.
pub(crate) fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        vec(any::<char>(), 0..30).prop_map(String::from_iter),
        vec(piece(), 0..12).prop_map(|pieces| pieces.concat()),
    ]
}
