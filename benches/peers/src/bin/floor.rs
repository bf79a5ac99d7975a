//! The least that a program can do to apply scripts to SQLite: what `migrate` is measured against.
//!
//! `floor WORK DATABASE FILES`; `each` commits each script, `single` commits once at the end. It
//! takes files by name, checks nothing, and leaves SQLite's settings as they are.

use std::error::Error;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use rusqlite::Connection;

type Outcome = Result<(), Box<dyn Error>>;

/// Where the applied scripts are noted.
const TABLE: &str = "CREATE TABLE IF NOT EXISTS version (name TEXT PRIMARY KEY)";

fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["start"] => Ok(()),
        ["look", database, folder] => look(database, folder),
        ["script", database, file] => script(database, file),
        [work @ ("up-each" | "up-single"), database, folder] => {
            up(database, folder, *work == "up-each")
        }
        [work @ ("down-each" | "down-single"), database, folder] => {
            down(database, folder, *work == "down-each")
        }
        _ => Err("floor start | look, up-each, … DATABASE FOLDER | script DATABASE FILE".into()),
    }
}

/// Reads every up script and what is noted, as a run that has nothing to do must.
fn look(database: &str, folder: &str) -> Outcome {
    let mut bytes = 0;
    for path in scripts(folder, ".up.sql")? {
        bytes += fs::read_to_string(path)?.len();
    }
    let connection = Connection::open(database)?;
    let mut rows = connection.prepare("SELECT name FROM version")?;
    let names: Vec<String> = rows.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    println!("{bytes} bytes, {} applied", names.len());
    Ok(())
}

fn up(database: &str, folder: &str, each: bool) -> Outcome {
    let connection = Connection::open(database)?;
    connection.execute_batch(TABLE)?;
    let note = "INSERT INTO version VALUES (?1)";
    run(&connection, &scripts(folder, ".up.sql")?, note, each)
}

fn down(database: &str, folder: &str, each: bool) -> Outcome {
    let connection = Connection::open(database)?;
    let mut paths = scripts(folder, ".down.sql")?;
    paths.reverse();
    run(&connection, &paths, "DELETE FROM version WHERE name = ?1", each)
}

fn run(connection: &Connection, paths: &[PathBuf], note: &str, each: bool) -> Outcome {
    if !each {
        connection.execute_batch("BEGIN")?;
    }
    for path in paths {
        let text = fs::read_to_string(path)?;
        if each {
            connection.execute_batch("BEGIN")?;
        }
        connection.execute_batch(&text)?;
        connection.execute(note, [name(path)])?;
        if each {
            connection.execute_batch("COMMIT")?;
        }
    }
    if !each {
        connection.execute_batch("COMMIT")?;
    }
    Ok(())
}

/// Runs a script of one statement a line, and holds no more of it than that.
fn script(database: &str, file: &str) -> Outcome {
    let connection = Connection::open(database)?;
    connection.execute_batch("BEGIN")?;
    let mut reader = BufReader::with_capacity(1 << 16, fs::File::open(file)?);
    let mut line = String::new();
    while reader.read_line(&mut line)? > 0 {
        if !line.starts_with("--") && !line.trim().is_empty() {
            connection.execute(line.trim_end(), [])?;
        }
        line.clear();
    }
    connection.execute_batch("COMMIT")?;
    Ok(())
}

/// Lists the scripts of a folder by name.
fn scripts(folder: &str, ending: &str) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut res = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.to_str().is_some_and(|name| name.ends_with(ending)) {
            res.push(path);
        }
    }
    res.sort();
    Ok(res)
}

fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.split('.').next().unwrap_or_default().to_owned()
}
