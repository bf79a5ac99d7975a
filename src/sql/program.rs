//! Finds the end of stored programs and compound statements of MySQL and MariaDB.
//!
//! The decisive point is where a statement of the body may begin: only there do `BEGIN`, `IF`,
//! `CASE` and so on open a block, and only there does `END` close one; elsewhere they are
//! functions, expressions and names.
//!
//! MariaDB's compound statements outside programs are included, and its packages and programs in
//! Oracle's style (`sql_mode = ORACLE`), where declarations precede `BEGIN`.

use std::mem;

use crate::sql::lexer::{Token, TokenKind};
use crate::words::words;

/// The position in a statement that may be a stored program.
#[derive(Debug, Clone, Default)]
pub(crate) struct Program<'a> {
    part: Part,
    /// The number of open blocks.
    depth: usize,
    signature: Signature,
    /// Whether the next token may start a statement of the body.
    starts: bool,
    /// Whether the last token may have been a statement's label.
    is_label: bool,
    /// The number of open `CASE` expressions.
    cases: usize,
    awaited: Awaited,
    routine: Routine,
    is_package: bool,
    /// The position and the opening word of the outermost block.
    opened: (usize, &'a str),
    /// The last token.
    before: &'a str,
}

/// The parsed words before a program's body.
#[derive(Debug, Clone, Copy, Default)]
struct Signature {
    parens: usize,
    /// Whether the name has been passed.
    is_named: bool,
    /// Whether a function's return type has been passed, or is next.
    returns: bool,
    /// Whether the body is in another language.
    is_foreign: bool,
}

/// The part of the statement that the next token belongs to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Part {
    #[default]
    Start,
    /// After `BEGIN`, which may start a transaction.
    Begin,
    /// After `CREATE`, before the kind of object.
    Create,
    /// After `ALTER`; only events can get a body.
    Alter,
    Signature(Created),
    Body,
    /// A statement that the next delimiter ends.
    Plain,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Created {
    Procedure,
    Function,
    Trigger,
    Event,
    Package,
}

/// The tokens expected before a nested statement.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Awaited {
    #[default]
    Nothing,
    /// `DO` or `LOOP`, after `WHILE` or `FOR`.
    Loop,
    /// `END`, after the condition of `UNTIL`.
    End,
    /// The conditions of a handler.
    Conditions,
    /// The second half of a label in angle brackets.
    Label,
}

/// The state of a routine whose `BEGIN` is not found yet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Routine {
    #[default]
    None,
    /// The routine may have a `BEGIN`, within a package.
    Named,
    /// The routine must have a `BEGIN`, after declarations.
    Declares,
}

/// Words that can stand between the parameters and the body of a routine.
const CHARACTERISTICS: &[&str] = words![
    COMMENT LANGUAGE SQL NOT DETERMINISTIC CONTAINS NO READS MODIFIES DATA SECURITY DEFINER INVOKER
];

/// Statements that are blocks, up to their `END`.
const BLOCKS: &[&str] = &["BEGIN", "IF", "CASE", "LOOP", "REPEAT", "WHILE", "FOR"];

impl<'a> Program<'a> {
    /// Advances past a token that is not a delimiter.
    pub(crate) fn pass(&mut self, token: &Token<'a>) {
        if token.kind == TokenKind::Executable {
            return;
        }
        let is_outside = self.depth == 0 && self.part != Part::Begin;
        match self.part {
            Part::Start => self.first(token),
            Part::Begin if token.is_word("WORK") => self.part = Part::Plain,
            Part::Begin => {
                self.begin_body();
                self.depth = 1;
                self.body(token);
            }
            Part::Create | Part::Alter => self.part = self.created(token),
            Part::Signature(kind) => self.pass_signature(token, kind),
            Part::Body => self.body(token),
            Part::Plain => {}
        }
        if self.part == Part::Begin || (is_outside && self.depth > 0) {
            self.opened = (token.offset, token.text);
        }
        self.before = token.text;
    }

    /// Returns the position and the opening word of an unfinished block; none for a package.
    pub(crate) fn opened(&self) -> Option<(usize, &'a str)> {
        (self.part == Part::Body && self.depth > 0 && !self.is_package).then_some(self.opened)
    }

    /// Advances past a delimiter, and tells whether it ends the statement.
    pub(crate) fn ends(&mut self) -> bool {
        let inside = self.depth > 0 || self.routine == Routine::Declares;
        if self.part != Part::Body || !inside {
            return true;
        }
        self.starts = true;
        self.is_label = false;
        self.cases = 0;
        self.awaited = Awaited::Nothing;
        if self.routine == Routine::Named {
            self.routine = Routine::None;
        }
        self.before = ";";
        false
    }

    fn first(&mut self, token: &Token<'a>) {
        let is_block = |word: &&str| token.is_word(word);
        self.part = if token.is_word("CREATE") {
            Part::Create
        } else if token.is_word("ALTER") {
            Part::Alter
        } else if token.is_word("BEGIN") {
            Part::Begin
        } else if BLOCKS.iter().any(is_block) || token.is_word("DECLARE") {
            self.begin_body();
            return self.body(token);
        } else {
            Part::Plain
        };
    }

    /// Returns the part after a word between `CREATE` and the object's name.
    fn created(&self, token: &Token<'_>) -> Part {
        let kinds = [
            ("PROCEDURE", Created::Procedure),
            ("FUNCTION", Created::Function),
            ("TRIGGER", Created::Trigger),
            ("EVENT", Created::Event),
            ("PACKAGE", Created::Package),
        ];
        let is_user = matches!(self.before, "=" | "@");
        if token.kind != TokenKind::Word || is_user {
            return self.part;
        }
        if let Some((_, kind)) = kinds.iter().find(|(word, _)| token.is_word(word)) {
            let has_body = self.part == Part::Create || *kind == Created::Event;
            return if has_body { Part::Signature(*kind) } else { Part::Plain };
        }
        let is_between = token.is_one_of(&["OR", "REPLACE", "AGGREGATE", "DEFINER"]);
        if is_between { self.part } else { Part::Plain }
    }

    fn pass_signature(&mut self, token: &Token<'a>, kind: Created) {
        match token.text {
            "(" => return self.signature.parens += 1,
            ")" => return self.signature.parens = self.signature.parens.saturating_sub(1),
            "." => return self.signature.is_named = false,
            _ if self.signature.parens > 0 => return,
            _ => {}
        }
        if !self.signature.is_named {
            let precedes = token.is_one_of(&["IF", "NOT", "EXISTS"]);
            let is_body = token.is_word("BODY") && is("PACKAGE", self.before);
            return self.signature.is_named = !precedes && !is_body;
        }
        match kind {
            Created::Trigger if token.is_word("ROW") && is("EACH", self.before) => {
                self.begin_body();
            }
            Created::Event if token.is_word("DO") => self.begin_body(),
            Created::Trigger | Created::Event => {}
            Created::Procedure | Created::Package => self.after_parameters(token, kind),
            Created::Function => self.after_function(token),
        }
    }

    /// Finds the start of a procedure's body: the first word that is not a characteristic.
    fn after_parameters(&mut self, token: &Token<'a>, kind: Created) {
        let is_comment = is("COMMENT", self.before) && token.kind == TokenKind::Quoted;
        let declares = token.is_one_of(&["AS", "IS"]);
        if is_comment || token.is_one_of(CHARACTERISTICS) {
            return;
        }
        // Where the body is in another language, nothing is to be found in it.
        if is("LANGUAGE", self.before) {
            return self.signature.is_foreign = true;
        }
        self.begin_body();
        if kind == Created::Package {
            self.is_package = true;
            self.depth = 1;
        } else if declares {
            self.routine =
                if self.signature.is_foreign { Routine::None } else { Routine::Declares };
        }
        if !declares {
            self.body(token);
        }
    }

    /// Finds the start of a function's body: a RETURN or a block.
    fn after_function(&mut self, token: &Token<'a>) {
        if token.kind != TokenKind::Word {
            return;
        }
        if is("LANGUAGE", self.before) && !token.is_word("SQL") {
            self.part = Part::Plain;
        } else if token.is_word("RETURNS") || (token.is_word("RETURN") && !self.signature.returns) {
            self.signature.returns = true;
        } else if token.is_one_of(&["AS", "IS"]) {
            self.begin_body();
            self.routine = Routine::Declares;
        } else if token.is_word("RETURN") || token.is_one_of(BLOCKS) {
            self.begin_body();
            self.body(token);
        }
    }

    fn begin_body(&mut self) {
        self.part = Part::Body;
        self.starts = true;
    }

    fn body(&mut self, token: &Token<'a>) {
        let starts = mem::take(&mut self.starts) || self.ends_conditions(token);
        let is_label = mem::replace(&mut self.is_label, starts);
        if token.kind != TokenKind::Word || matches!(self.before, "." | "@") {
            return self.symbol(token, starts, is_label);
        }
        if self.cases > 0 {
            self.cases =
                self.cases + usize::from(token.is_word("CASE")) - usize::from(token.is_word("END"));
        } else if starts {
            self.first_of_statement(token);
        } else {
            self.within_statement(token);
        }
    }

    /// Follows labels: `name:` and `<<name>>`.
    fn symbol(&mut self, token: &Token<'a>, starts: bool, is_label: bool) {
        match token.text {
            ":" if is_label => self.starts = true,
            _ if starts && self.is_order(token) => self.starts = true,
            "<" if starts => self.awaited = Awaited::Label,
            ">" if self.awaited == Awaited::Label && self.before == ">" => {
                self.awaited = Awaited::Nothing;
                self.starts = true;
            }
            _ => {}
        }
    }

    /// Tells whether the conditions of a handler are complete, so that its statement begins here.
    fn ends_conditions(&mut self, token: &Token<'_>) -> bool {
        let goes_on = ["HANDLER", "FOR", "SQLSTATE", "VALUE", "NOT", ","];
        let is_over = self.awaited == Awaited::Conditions
            && token.text != ","
            && !goes_on.iter().any(|word| is(word, self.before));
        if is_over {
            self.awaited = Awaited::Nothing;
        }
        is_over
    }

    fn first_of_statement(&mut self, token: &Token<'a>) {
        let is_block = |word: &&str| token.is_word(word);
        if token.is_word("END") {
            self.close();
        } else if token.is_word("ELSE") {
            self.starts = true;
        } else if token.is_word("UNTIL") {
            self.awaited = Awaited::End;
        } else if token.is_word("DECLARE") && self.depth == 0 {
            self.routine = Routine::Declares;
            self.starts = true;
        } else if self.is_order(token) {
            self.starts = true;
        } else if self.is_package && self.depth == 1 && self.routine == Routine::None {
            self.member(token);
        } else if let Some(word) = BLOCKS.iter().find(|word| is_block(word)) {
            self.open(word);
        }
    }

    /// Tells whether the token belongs to the clause that orders a trigger relative to another.
    fn is_order(&self, token: &Token<'_>) -> bool {
        let words = ["FOLLOWS", "PRECEDES"];
        self.depth == 0 && words.iter().any(|word| token.is_word(word) || is(word, self.before))
    }

    /// Advances past the first word of a package's member; a `BEGIN` there shares the package's
    /// `END`.
    fn member(&mut self, token: &Token<'a>) {
        if token.is_one_of(&["PROCEDURE", "FUNCTION"]) {
            self.routine = Routine::Named;
        } else if token.is_word("BEGIN") {
            self.starts = true;
        } else if let Some(word) = BLOCKS.iter().find(|word| token.is_word(word)) {
            self.open(word);
        }
    }

    fn open(&mut self, word: &str) {
        self.depth += 1;
        self.routine = Routine::None;
        self.starts = matches!(word, "BEGIN" | "LOOP" | "REPEAT");
        self.awaited = match word {
            "WHILE" | "FOR" => Awaited::Loop,
            _ => Awaited::Nothing,
        };
    }

    fn close(&mut self) {
        self.awaited = Awaited::Nothing;
        self.depth = self.depth.saturating_sub(1);
        if self.depth == 0 {
            self.part = Part::Plain;
        }
    }

    fn within_statement(&mut self, token: &Token<'a>) {
        if token.is_word("CASE") && !is("END", self.before) {
            self.cases = 1;
        } else if token.is_word("END") && self.awaited == Awaited::End {
            self.close();
        } else if token.is_word("BEGIN") && self.routine != Routine::None {
            self.open("BEGIN");
        } else if token.is_one_of(&["AS", "IS"]) && self.routine == Routine::Named {
            self.routine = Routine::Declares;
            self.starts = true;
        } else if token.is_word("HANDLER") {
            let words = ["CONTINUE", "EXIT", "UNDO"];
            let declares = words.iter().any(|word| is(word, self.before));
            self.awaited = if declares { Awaited::Conditions } else { self.awaited };
        } else if self.awaited == Awaited::Loop && token.is_one_of(&["DO", "LOOP"]) {
            self.awaited = Awaited::Nothing;
            self.starts = true;
        } else if self.depth > 0 {
            let leads = token.is_one_of(&["THEN", "ELSE"]);
            self.starts = leads || (token.is_word("ATOMIC") && is("NOT", self.before));
        }
    }
}

fn is(word: &str, text: &str) -> bool {
    text.eq_ignore_ascii_case(word)
}

#[cfg(test)]
mod tests {
    use crate::sql::{Dialect, split};

    #[test]
    fn a_program_ends_at_its_end() {
        for text in [
            "CREATE PROCEDURE p() COMMENT ';' NOT DETERMINISTIC SELECT REPEAT('a', 1)",
            "CREATE TRIGGER t AFTER INSERT ON u FOR EACH ROW PRECEDES x SET NEW.a = IF(1, 2, 3)",
            "CREATE TRIGGER t AFTER INSERT ON u FOR EACH ROW FOLLOWS `x` BEGIN a; b; END",
            "CREATE EVENT e ON SCHEDULE EVERY IF(1, 2, 3) DAY DO DO SLEEP(1)",
            "CREATE PROCEDURE p() BEGIN DECLARE EXIT HANDLER FOR 1, NOT FOUND BEGIN a; END; b; END",
            "CREATE DEFINER = trigger@event PROCEDURE begin() BEGIN SELECT begin, t.end; END",
            "CREATE PROCEDURE p IS a INT; BEGIN a := 1; EXCEPTION WHEN b THEN c; END p",
            "CREATE PACKAGE BODY p AS a INT; PROCEDURE b; PROCEDURE b AS BEGIN c; END; BEGIN d; END",
        ] {
            let script = format!("{text};\nb");
            let found = split(&script, Dialect::MySql).unwrap();
            assert_eq!(found.iter().map(|it| it.text).collect::<Vec<_>>(), [text, "b"]);
        }
    }
}
