//! What is MySQL's and MariaDB's own in these tests: the client splits a script, and their dump is the
//! witness.

use limbeck::sql::{Dialect, Splitter};
use servers::Database;

/// Runs each statement of a script, as the library splits it: the client needs `DELIMITER` for programs.
pub(crate) fn run(database: &Database, script: &str) -> Result<(), String> {
    let mut text = "DELIMITER $$\n".to_owned();
    for statement in Splitter::new(script, Dialect::MySql) {
        let statement = statement.map_err(|problem| problem.to_string())?;
        text += statement.text;
        text += "$$\n";
    }
    database.try_query(&text).map(|_| ())
}

/// Asks `mariadb-dump` for the schema, as lines: without the numbers that come next, and with the keys of
/// a table in one order.
pub(crate) fn witness(database: &Database) -> Vec<String> {
    let options = [
        "--no-data",
        "--routines",
        "--events",
        "--triggers",
        "--skip-comments",
        "--skip-set-charset",
    ];
    let text = database.dump_with("mariadb-dump", &options);
    let mut res = Vec::new();
    for block in text.split(";\n") {
        let block = &block.replace(" FOR EACH ROW\n", " FOR EACH ROW ");
        // The default of a column names a sequence with its database.
        let own = format!("`{}`.", database.name());
        let mut lines: Vec<String> =
            block.lines().map(|line| settled(&line.replace(&own, ""))).collect();
        let is_rule = |line: &String| !line.starts_with("  `") && line.starts_with("  ");
        if let Some(first) = lines.iter().position(is_rule) {
            let count = lines[first..].iter().take_while(|it| is_rule(it)).count();
            lines[first..first + count].sort();
        }
        res.push(lines.join("\n"));
    }
    // The present number of a sequence is data.
    res.retain(|it| !it.contains("DO SETVAL("));
    res
}

/// Finds a statement that alters a table of two dumps, and says neither ALGORITHM nor LOCK. Those about
/// partitions can't.
pub(crate) fn without_clauses(script: &str, dumps: [&[String]; 2]) -> Option<String> {
    let is_there = |name: &str| {
        let start = format!("CREATE TABLE `{name}` (");
        dumps.iter().all(|dump| dump.iter().any(|it| it.contains(&start)))
    };
    let is_bare = |text: &&str| {
        let Some(rest) = text.strip_prefix("ALTER TABLE `") else { return false };
        let (name, clauses) = rest.split_once("` ").or_else(|| rest.split_once("`\n")).unwrap();
        is_there(name) && !clauses.contains("PARTITION") && !clauses.contains("ALGORITHM=")
    };
    let statements = Splitter::new(script, Dialect::MySql).map(|it| it.unwrap().text);
    statements.filter(is_bare).map(str::to_owned).next()
}

fn settled(line: &str) -> String {
    let line = line.trim_end_matches(',');
    if line.starts_with("  CONSTRAINT ") {
        // Both words mean the same, and only one of them is shown.
        return [" ON DELETE NO ACTION", " ON UPDATE NO ACTION"]
            .iter()
            .fold(line.to_owned(), |line, words| line.replace(words, ""));
    }
    if let Some((head, rest)) = line.split_once(" AUTO_INCREMENT=") {
        return head.to_owned() + rest.trim_start_matches(|it: char| it.is_ascii_digit());
    }
    if let Some((head, rest)) = line.split_once(" STARTS '")
        && let Some((moment, tail)) = rest.split_once('\'')
        && moment < "2035"
    {
        // The moment at which an event was made: those that cases say are later.
        return format!("{head}{tail}");
    }
    // The head of a trigger stands as it was typed.
    match line.split_once(" FOR EACH ROW ") {
        Some((head, body)) => format!("{} FOR EACH ROW {body}", head.replace('`', "")),
        None => line.to_owned(),
    }
}
