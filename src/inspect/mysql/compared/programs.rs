//! Views, sequences, triggers, routines and events: the server keeps their texts.

use crate::catalog::INVALID;
use crate::catalog::{BODY, Id, Kind, Name, Object, Value};
use crate::database::{Row, Values as _};
use crate::inspect::InspectError;
use crate::inspect::mysql::attributes::{
    ALGORITHM, CLIENT, DEFINER, DEFINITION, EVENT, MODE, POSITION, SECURITY,
};
use crate::inspect::mysql::compared::line::{own_qualifiers, text, text_without, tokens};
use crate::inspect::mysql::compared::{Reader, unread};
use crate::sql::{Cursor, Dialect, GrammarError, Lexer, Token, quote_identifier};

const TRIGGERS: &str = "SELECT trigger_name, event_object_table, \
    CONCAT(action_timing, ' ', event_manipulation), action_order \
    FROM information_schema.triggers WHERE trigger_schema = database() \
    ORDER BY event_object_table, action_timing, event_manipulation, action_order";

const ROUTINES: &str = "SELECT routine_name, routine_type FROM information_schema.routines \
    WHERE routine_schema = database() ORDER BY routine_type, routine_name";

/// The events; a start that nobody has said is the moment of creation.
const EVENTS: &str = "SELECT event_name, IF(starts = created, 'yes', NULL) \
    FROM information_schema.events WHERE event_schema = database() ORDER BY event_name";

/// The code of the warning that a view names what isn't there.
const BROKEN: &str = "1356";

/// Reads the programs of a database.
pub(super) fn read(reader: &mut Reader<'_>) -> Result<(), InspectError> {
    for row in reader.connection.query(TRIGGERS)? {
        trigger(reader, &row)?;
    }
    for row in reader.connection.query(ROUTINES)? {
        routine(reader, row.text(0), row.text(1))?;
    }
    for row in reader.connection.query(EVENTS)? {
        event(reader, row.text(0), row.flag(1) || row.text(1) == "yes")?;
    }
    Ok(())
}

/// Reads a view, and notes if it names an object that isn't there: its statement can't be run again then.
pub(super) fn view(reader: &mut Reader<'_>, name: &str) -> Result<(), InspectError> {
    let shown = reader.shown("VIEW", name)?;
    let warnings = reader.connection.query("SHOW WARNINGS")?;
    let broken = warnings.iter().find(|it| it.text(1) == BROKEN).map(|it| it.text(2).to_owned());
    let mut res = Object::new(Id::new(Kind::View, &reader.file_name(name)));
    let statement = shown.text(1);
    let taken = take_view(&mut res, statement, &reader.database);
    taken.map_err(|problem| unread(Kind::View, name, problem))?;
    res.aside.insert(CLIENT, format!("{}\t{}", shown.text(2), shown.text(3)));
    res.set_if(INVALID, broken.map(Value::exact));
    reader.insert(res);
    Ok(())
}

fn take_view(res: &mut Object, statement: &str, database: &str) -> Result<(), GrammarError> {
    let mut cursor = Cursor::new(statement, Dialect::MySql);
    cursor.expect("CREATE")?;
    let mut head = "CREATE ".to_owned();
    if cursor.accept(&["ALGORITHM"]) {
        cursor.accept_symbol("=");
        let algorithm = cursor.next().map_or("", |it| it.text);
        if algorithm != "UNDEFINED" {
            res.set(ALGORITHM, Value::exact(algorithm));
            head += "ALGORITHM=";
            head += algorithm;
            head.push(' ');
        }
    }
    take_definer(res, &mut cursor);
    if cursor.accept(&["SQL", "SECURITY"]) && cursor.accept(&["INVOKER"]) {
        res.set(SECURITY, Value::exact("INVOKER"));
        head += "SQL SECURITY INVOKER ";
    }
    cursor.pass(&["DEFINER"]);
    cursor.expect("VIEW")?;
    cursor.qualified_name()?;
    let rest = statement.get(cursor.offset()..).unwrap_or_default();
    let rest = unqualified(rest, database)?;
    let name = quote_identifier(res.id.name.as_str(), Dialect::MySql);
    res.sql = Some(format!("{head}VIEW {name} {rest}"));
    res.set(BODY, Value::exact(rest));
    Ok(())
}

/// Reads a sequence; its present value is data.
pub(super) fn sequence(reader: &mut Reader<'_>, name: &str) -> Result<(), InspectError> {
    let statement = reader.shown("SEQUENCE", name)?.text(1).to_owned();
    let mut cursor = Cursor::new(&statement, Dialect::MySql);
    let mut read = || {
        cursor.expect("CREATE")?;
        cursor.expect("SEQUENCE")?;
        cursor.qualified_name()
    };
    read().map_err(|problem| unread(Kind::Sequence, name, problem))?;
    let behind = cursor.rest();
    let end = behind.iter().position(|it| it.is_word("ENGINE")).unwrap_or(behind.len());
    let definition = text(&statement, behind.get(..end).unwrap_or_default());
    let mut res = Object::new(Id::new(Kind::Sequence, &reader.file_name(name)));
    let name = quote_identifier(name, Dialect::MySql);
    res.sql = Some(format!("CREATE SEQUENCE {name} {definition}"));
    res.set(DEFINITION, Value::exact(definition));
    reader.insert(res);
    Ok(())
}

fn trigger(reader: &mut Reader<'_>, row: &Row) -> Result<(), InspectError> {
    let (name, table, event) = (row.text(0), row.text(1), row.text(2));
    let table = reader.table_id(table);
    if !reader.catalog.holds(&table) {
        // A trigger on a bookkeeping table.
        return Ok(());
    }
    let shown = reader.shown("TRIGGER", name)?;
    let mut res = Object::new(Id::new(Kind::Trigger, &reader.file_name(name)));
    let body = body_of_trigger(shown.text(2));
    let body = body.map_err(|problem| unread(Kind::Trigger, name, problem))?;
    res.sql = Some(format!(
        "CREATE TRIGGER {} {event} ON {} FOR EACH ROW {body}",
        quote_identifier(name, Dialect::MySql),
        quote_identifier(table.name.as_str(), Dialect::MySql),
    ));
    res.set(EVENT, Value::exact(event));
    res.set(BODY, Value::exact(body));
    res.aside.insert(MODE, shown.text(1).to_owned());
    res.aside.insert(CLIENT, format!("{}\t{}", shown.text(3), shown.text(4)));
    res.aside.insert(POSITION, row.text(3).to_owned());
    take_definer(&mut res, &mut after_create(shown.text(2)));
    res.needs.insert(table.clone());
    res.parent = Some(table);
    reader.insert(res);
    Ok(())
}

/// Returns what stands behind FOR EACH ROW, and the order among triggers that may be said there.
fn body_of_trigger(statement: &str) -> Result<String, GrammarError> {
    let mut cursor = Cursor::new(statement, Dialect::MySql);
    let each = loop {
        match cursor.find(&["FOR"]) {
            Some(_) if cursor.accept(&["EACH", "ROW"]) => break true,
            Some(_) => {}
            None => break false,
        }
    };
    if !each {
        return Err(cursor.error("FOR EACH ROW"));
    }
    if cursor.accept(&["FOLLOWS"]) || cursor.accept(&["PRECEDES"]) {
        cursor.qualified_name()?;
    }
    Ok(statement.get(cursor.offset()..).unwrap_or_default().to_owned())
}

fn routine(reader: &mut Reader<'_>, name: &str, kind: &str) -> Result<(), InspectError> {
    let kind = match kind {
        "FUNCTION" => Kind::Function,
        "PROCEDURE" => Kind::Procedure,
        other => {
            let name = Name::any_case(format!("{} {name}", other.to_lowercase()));
            reader.insert(Object::new(Id::new(Kind::Opaque, &name)));
            return Ok(());
        }
    };
    let word = if kind == Kind::Function { "FUNCTION" } else { "PROCEDURE" };
    let shown = reader.shown(word, name)?;
    program(reader, (kind, word, name), &shown, 2)
}

fn event(reader: &mut Reader<'_>, name: &str, is_start_made: bool) -> Result<(), InspectError> {
    let shown = reader.shown("EVENT", name)?;
    program(reader, (Kind::Event, "EVENT", name), &shown, 3)?;
    let id = Id::new(Kind::Event, &Name::any_case(name));
    if let Some(event) = reader.catalog.objects.get_mut(&id).filter(|_| is_start_made) {
        let body = without_start(event.written(BODY));
        event.sql = Some(format!("CREATE EVENT {} {body}", quote_identifier(name, Dialect::MySql)));
        event.set(BODY, Value::exact(body));
    }
    Ok(())
}

/// Takes a routine or an event from the row of SHOW CREATE, whose text lies at a position.
fn program(
    reader: &mut Reader<'_>,
    (kind, word, name): (Kind, &'static str, &str),
    shown: &Row,
    at: usize,
) -> Result<(), InspectError> {
    if shown.get(at).is_none_or(Option::is_none) {
        return Err(InspectError::NoRight { kind, name: name.to_owned() });
    }
    let statement = shown.text(at);
    let mut res = Object::new(Id::new(kind, &Name::any_case(name)));
    let mut cursor = after_create(statement);
    take_definer(&mut res, &mut cursor);
    cursor.pass(&["AGGREGATE"]);
    let mut read = || {
        cursor.expect(word)?;
        cursor.qualified_name()
    };
    read().map_err(|problem| unread(kind, name, problem))?;
    let body = statement.get(cursor.offset()..).unwrap_or_default();
    let is_aggregate = statement.get(..cursor.offset()).is_some_and(|it| it.contains("AGGREGATE"));
    let word = if is_aggregate { "AGGREGATE FUNCTION" } else { word };
    let quoted = quote_identifier(name, Dialect::MySql);
    let blank = if body.starts_with('(') { "" } else { " " };
    res.sql = Some(format!("CREATE {word} {quoted}{blank}{body}"));
    res.set(BODY, Value::exact(body));
    res.aside.insert(MODE, shown.text(1).to_owned());
    res.aside.insert(CLIENT, format!("{}\t{}", shown.text(at + 1), shown.text(at + 2)));
    reader.insert(res);
    Ok(())
}

fn after_create(statement: &str) -> Cursor<'_> {
    let mut cursor = Cursor::new(statement, Dialect::MySql);
    cursor.pass(&["CREATE", "OR", "REPLACE"]);
    cursor
}

/// Takes `` DEFINER=`user`@`host` ``: the account is that of who made the object.
fn take_definer(res: &mut Object, cursor: &mut Cursor<'_>) {
    if !cursor.accept(&["DEFINER"]) {
        return;
    }
    let start = cursor.offset() + 1;
    cursor.accept_symbol("=");
    cursor.next();
    if cursor.accept_symbol("@") {
        cursor.next();
    }
    let definer = cursor.text.get(start..cursor.end_of_last()).unwrap_or_default();
    res.aside.insert(DEFINER, definer.to_owned());
}

/// Takes a database's own name out of a text.
fn unqualified(text: &str, database: &str) -> Result<String, GrammarError> {
    let all = tokens(text)?;
    let own = own_qualifiers(&all, database);
    if own.is_empty() {
        return Ok(text.to_owned());
    }
    Ok(text_without(text, &all, |at| own.contains(&at)))
}

fn without_start(body: &str) -> String {
    let tokens: Vec<Token<'_>> = Lexer::new(body, Dialect::MySql).map_while(Result::ok).collect();
    let Some(at) = tokens.iter().position(|it| it.is_word("STARTS")) else {
        return body.to_owned();
    };
    let ends = tokens.get(at).zip(tokens.get(at + 1));
    let cut = ends.and_then(|(first, last)| {
        Some((body.get(..first.offset)?.trim_end(), body.get(last.end()..)?))
    });
    cut.map_or_else(|| body.to_owned(), |(before, behind)| format!("{before}{behind}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_is_its_query() {
        let statement = "CREATE ALGORITHM=MERGE DEFINER=`it's`@`%` SQL SECURITY INVOKER VIEW \
            `v` AS select `d`.`t`.`a` AS `a` from `d`.`t` where `x` = '`d`.'";
        let mut view = Object::new(Id::new(Kind::View, &Name::exact("v")));
        take_view(&mut view, statement, "d").unwrap();
        let body = "AS select `t`.`a` AS `a` from `t` where `x` = '`d`.'";
        assert_eq!(view.written(BODY), body);
        let sql = format!("CREATE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW `v` {body}");
        assert_eq!(view.statement(), sql);
        assert_eq!(view.aside(DEFINER), "`it's`@`%`");
    }

    #[test]
    fn a_body_begins_behind_the_order() {
        let body = |text: &str| body_of_trigger(text).unwrap();
        assert_eq!(body("CREATE trigger t before insert on x for each row set @a=1"), "set @a=1");
        let text = "CREATE TRIGGER t AFTER UPDATE ON x FOR EACH ROW FOLLOWS `o` BEGIN END";
        assert_eq!(body(text), "BEGIN END");
        assert!(body_of_trigger("CREATE TRIGGER t").is_err());
    }

    #[test]
    fn a_start_that_the_server_has_made_up_is_cut() {
        let body = "ON SCHEDULE EVERY 1 DAY STARTS '2026-12-01 02:47:48' ENABLE DO SELECT 1";
        assert_eq!(without_start(body), "ON SCHEDULE EVERY 1 DAY ENABLE DO SELECT 1");
        assert_eq!(without_start("ON SCHEDULE AT now()"), "ON SCHEDULE AT now()");
    }
}
