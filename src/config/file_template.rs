//! The template for the names of new revision files.

use crate::near::nearest;

/// How a new revision's files are named: pieces of text and tokens, `{rev}` among them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileTemplate {
    pieces: Vec<Piece>,
}

/// A part of a template: text or a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Text that is used literally.
    Text(String),
    /// A token that is replaced by a property of the revision.
    Token(Token),
}

/// A placeholder of a template; the times are those of the revision's creation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    /// `{rev}`: the revision's id.
    Rev,
    /// `{slug}`: the message, reduced to characters for file names.
    Slug,
    /// `{epoch}`: seconds since 1970.
    Epoch,
    /// `{year}`: the year in four digits.
    Year,
    /// `{month}`: the month in two digits.
    Month,
    /// `{day}`: the day in two digits.
    Day,
    /// `{hour}`: the hour in two digits.
    Hour,
    /// `{minute}`: the minute in two digits.
    Minute,
    /// `{second}`: the second in two digits.
    Second,
}

const TOKENS: &[(&str, Token)] = &[
    ("rev", Token::Rev),
    ("slug", Token::Slug),
    ("epoch", Token::Epoch),
    ("year", Token::Year),
    ("month", Token::Month),
    ("day", Token::Day),
    ("hour", Token::Hour),
    ("minute", Token::Minute),
    ("second", Token::Second),
];

/// Why a template cannot name files.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the message of a variant names its fields")]
pub enum FileTemplateError {
    /// The template has an unknown token.
    #[error("unknown token `{{{token}}}`{}: known are {}", like(*nearest), known())]
    UnknownToken { token: String, nearest: Option<&'static str> },
    /// A brace is not matched.
    #[error("a `{{` or `}}` has no partner")]
    Brace,
    /// The template lacks `{rev}`, so two revisions could get the same name.
    #[error("`{{rev}}` is missing")]
    NoRevision,
    /// The path is absolute.
    #[error("the path is absolute")]
    Absolute,
    /// The path contains `..`, which could leave the folder.
    #[error("the path contains `..`")]
    Parent,
    /// The path has an empty part between slashes.
    #[error("a part of the path is empty")]
    EmptyPart,
    /// The path has a character that some file systems do not allow.
    #[error("the path contains a control character or one of `\\ : * ? \" < > |`")]
    Character,
    /// The path has a subfolder, in which revisions would not be found again.
    #[error("a `/` needs `recursive_version_locations = true`")]
    Subfolder,
}

impl FileTemplate {
    /// Reads a template, in which `/` makes subfolders.
    pub fn parse(text: &str) -> Result<Self, FileTemplateError> {
        check_path(text)?;
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').ok_or(FileTemplateError::Brace)?;
            push_text(&mut pieces, before)?;
            pieces.push(Piece::Token(token(name)?));
            rest = after;
        }
        push_text(&mut pieces, rest)?;
        if !pieces.contains(&Piece::Token(Token::Rev)) {
            return Err(FileTemplateError::NoRevision);
        }
        Ok(Self { pieces })
    }

    /// Returns the template's parts in order.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Builds a name, with a value for each token.
    pub fn fill(&self, value: impl Fn(Token) -> String) -> String {
        let text = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Token(token) => value(*token),
        };
        self.pieces.iter().map(text).collect()
    }

    /// Tells whether the template has subfolders.
    pub fn has_subfolders(&self) -> bool {
        self.pieces.iter().any(|piece| matches!(piece, Piece::Text(text) if text.contains('/')))
    }
}

/// Returns `{year}{month}{day}_{hour}{minute}{second}_{rev}_{slug}`.
impl Default for FileTemplate {
    fn default() -> Self {
        let underscore = || Piece::Text("_".to_owned());
        let pieces = vec![
            Piece::Token(Token::Year),
            Piece::Token(Token::Month),
            Piece::Token(Token::Day),
            underscore(),
            Piece::Token(Token::Hour),
            Piece::Token(Token::Minute),
            Piece::Token(Token::Second),
            underscore(),
            Piece::Token(Token::Rev),
            underscore(),
            Piece::Token(Token::Slug),
        ];
        Self { pieces }
    }
}

fn check_path(text: &str) -> Result<(), FileTemplateError> {
    if text.starts_with('/') {
        return Err(FileTemplateError::Absolute);
    }
    // No token can contain a point or slash, so checking the template suffices.
    if text.contains("..") {
        return Err(FileTemplateError::Parent);
    }
    if text.chars().any(|c| c.is_control() || "\\:*?\"<>|".contains(c)) {
        return Err(FileTemplateError::Character);
    }
    if text.contains('/') && text.split('/').any(|part| part.is_empty() || part == ".") {
        return Err(FileTemplateError::EmptyPart);
    }
    Ok(())
}

fn push_text(pieces: &mut Vec<Piece>, text: &str) -> Result<(), FileTemplateError> {
    if text.contains('}') {
        return Err(FileTemplateError::Brace);
    }
    if !text.is_empty() {
        pieces.push(Piece::Text(text.to_owned()));
    }
    Ok(())
}

fn token(name: &str) -> Result<Token, FileTemplateError> {
    let names = TOKENS.iter().map(|(known, _)| *known);
    match TOKENS.iter().find(|(known, _)| *known == name) {
        Some((_, token)) => Ok(*token),
        None => Err(FileTemplateError::UnknownToken {
            token: name.to_owned(),
            nearest: nearest(name, names),
        }),
    }
}

fn like(nearest: Option<&str>) -> String {
    nearest.map(|name| format!(" (like `{{{name}}}`)")).unwrap_or_default()
}

fn known() -> String {
    let names: Vec<String> = TOKENS.iter().map(|(name, _)| format!("`{{{name}}}`")).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_what_it_says() {
        let text = "{year}{month}{day}_{hour}{minute}{second}_{rev}_{slug}";
        assert_eq!(FileTemplate::parse(text).unwrap(), FileTemplate::default());
    }

    #[test]
    fn every_token_is_known() {
        for (name, token) in TOKENS {
            let template = FileTemplate::parse(&format!("{{{name}}}-{{rev}}")).unwrap();
            assert_eq!(template.pieces().first(), Some(&Piece::Token(*token)));
        }
        assert!(FileTemplate::parse("{year}/{rev}").unwrap().has_subfolders());
        assert!(!FileTemplate::default().has_subfolders());
    }

    #[test]
    fn an_unusable_template_says_why() {
        let cases = [
            ("{slug}", FileTemplateError::NoRevision),
            ("", FileTemplateError::NoRevision),
            ("/srv/{rev}", FileTemplateError::Absolute),
            ("../{rev}", FileTemplateError::Parent),
            ("a/../{rev}", FileTemplateError::Parent),
            ("a//{rev}", FileTemplateError::EmptyPart),
            ("./{rev}", FileTemplateError::EmptyPart),
            ("{rev}/", FileTemplateError::EmptyPart),
            ("C:{rev}", FileTemplateError::Character),
            (r"a\{rev}", FileTemplateError::Character),
            ("{rev}\n", FileTemplateError::Character),
            ("{rev", FileTemplateError::Brace),
            ("{rev}}", FileTemplateError::Brace),
        ];
        for (text, expected) in cases {
            assert_eq!(FileTemplate::parse(text), Err(expected), "{text}");
        }
    }

    #[test]
    fn an_unknown_token_is_named_with_one_like_it() {
        let error = FileTemplate::parse("{rev}_{slugg}").unwrap_err();
        let message = error.to_string();
        assert!(message.starts_with("unknown token `{slugg}` (like `{slug}`): known are `{rev}`,"));
    }
}
