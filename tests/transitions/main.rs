//! Schemas in, scripts out, on servers. Each case of `postgres/*.sql` and `mysql/*.sql` has what is there
//! and what is wanted; the scripts between them are run by `psql` or `mariadb`, and `pg_dump` or
//! `mariadb-dump` tells whether they lead there and back.
//!
//! A case begins with `-- case:` and its name. The statements below `-- both`, `-- before` and
//! `-- after` make the two schemas, in the order in which they stand. `-- same` says that there is
//! nothing to do, `-- refused:` and `-- fails:` that there are no scripts, with a part of the message.
//! `-- says:` has a part of the up script or of the words about it, `-- says up to 17:` one that it has on older servers than 18,
//! `-- hides:` something that it doesn't have, and `-- options:` the keys of `[autogenerate]` that are on.
//! `-- rows` says that every table gets rows in the proof.
//! `-- from:` has the oldest version of PostgreSQL that can make both schemas. `-- golden:` names a
//! file of `golden/` with the scripts; `UPDATE=1` rewrites it.
//!
//! The usual run takes a sample: each case with a golden file, and of the others one in ten.
//! `LIMBECK_TRANSITIONS=all` takes all of them, `CASE=text` those whose file or name has the text;
//! `OPTIONS='online privileges'` has keys on in all cases. A way that can't be
//! divided though it should be is a fault.
#![cfg(all(unix, feature = "postgres", feature = "mysql"))]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod bench;
mod cases;
mod mysql;
mod random;
mod random_mysql;

use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use limbeck::autogenerate::{
    Desired, Generated, Hints, Online, Wish, dump, generate, load_text, same,
};
use limbeck::catalog::{Catalog, Kind, Object};
use limbeck::sql::Dialect;

use crate::bench::{Bench, Rights, Server};
use crate::cases::{Case, Outcome, cases};

/// The share of cases in a usual run.
const ONE_IN: usize = 10;

#[test]
fn each_transition_leads_there_and_back() {
    let Some(server) = servers::postgres() else { return };
    let mut cases = chosen(cases("postgres", &variable("CASE").unwrap_or_default()));
    let server = Server::Postgres(server);
    leave_out_newer(&mut cases, server);
    each(&cases, |case| tried(server, case));
}

#[test]
fn each_transition_of_mysql_leads_there_and_back() {
    let Some(server) = servers::mariadb() else { return };
    let cases = chosen(cases("mysql", &variable("CASE").unwrap_or_default()));
    each(&cases, |case| tried(Server::MySql(server), case));
}

/// Leaves out, and says so past the harness, what a server of an older version can't make. The files of
/// scripts show views as they are written before version 16.
fn leave_out_newer(cases: &mut Vec<Case>, server: Server) {
    let version = server.database().query("SHOW server_version_num").remove(0);
    let major = version.parse::<u32>().unwrap() / 10_000;
    let count = cases.len();
    cases.retain(|it| it.from <= major);
    for it in cases.iter_mut() {
        it.golden.take_if(|_| major >= 16);
        if major < 18 {
            it.says.append(&mut it.says_to_17);
        }
    }
    if cases.len() < count {
        let why = format!("SKIPPED: {} cases that need a newer server\n", count - cases.len());
        drop(std::io::Write::write_all(&mut std::io::stderr(), why.as_bytes()));
    }
}

#[test]
fn a_dump_that_is_loaded_is_dumped_the_same() {
    let Some(server) = servers::postgres() else { return };
    dumps("postgres", Server::Postgres(server));
}

#[test]
fn a_dump_of_mysql_that_is_loaded_is_dumped_the_same() {
    let Some(server) = servers::mariadb() else { return };
    dumps("mysql", Server::MySql(server));
}

fn dumps(folder: &str, server: Server) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas").join(folder);
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    paths.sort();
    each(&paths, |path| {
        let text = fs::read_to_string(path).unwrap();
        let made = Bench::of(server, &text, Rights::Untold).and_then(|made| dumped(server, made));
        made.map_err(|problem| format!("{}: {problem}", path.display()))
    });
}

/// Returns the keys that are on in all cases.
fn keys() -> Vec<String> {
    let keys = variable("OPTIONS").unwrap_or_default();
    keys.split_whitespace().map(str::to_owned).collect()
}

/// Leaves out what only the long run tries, and has keys on in all cases.
fn chosen(mut cases: Vec<Case>) -> Vec<Case> {
    for it in &mut cases {
        it.options.append(&mut keys());
    }
    let is_long = variable("LIMBECK_TRANSITIONS").is_some_and(|value| value == "all");
    if is_long || variable("CASE").is_some() {
        return cases;
    }
    let kept = |(at, it): (usize, Case)| (at % ONE_IN == 0 || it.golden.is_some()).then_some(it);
    cases.into_iter().enumerate().filter_map(kept).collect()
}

#[expect(clippy::disallowed_methods, reason = "variables steer the test, not the program")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Does something with each item, on as many threads as there are processors; tells all problems.
fn each<T: Sync>(items: &[T], check: impl Fn(&T) -> Result<(), String> + Sync) {
    assert!(!items.is_empty(), "there are no cases");
    let (next, problems) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
            if let Err(problem) = check(item) {
                problems.lock().unwrap().push(problem);
            }
        }
    };
    thread::scope(|scope| {
        let threads = thread::available_parallelism().map_or(2, usize::from);
        (0..threads).for_each(|_| drop(scope.spawn(work)));
    });
    let problems = problems.into_inner().unwrap();
    let (count, all) = (problems.len(), items.len());
    assert!(problems.is_empty(), "{count} of {all}:\n\n{}\n", problems.join("\n\n"));
}

fn tried(server: Server, case: &Case) -> Result<(), String> {
    let told = |problem: String| format!("{}\n  {}", case.name, problem.replace('\n', "\n  "));
    if let Outcome::Fails(part) = &case.outcome {
        let near = Bench::new(server, case.rights());
        let mut empty = near.scratch();
        let loaded = load_text(Path::new("schema.sql"), &case.after, &mut *empty);
        let problem = loaded.err().map(|it| it.to_string()).unwrap_or_default();
        return holds(&problem, part).map_err(told);
    }
    let sides = Sides::new(server, case).map_err(told)?;
    sides.prove(server, case).map_err(told)
}

fn holds(problem: &str, part: &str) -> Result<(), String> {
    if problem.contains(part) { Ok(()) } else { Err(format!("not `{part}`, but: {problem}")) }
}

/// The databases of a case, and what the server's dump says of them.
struct Sides {
    dialect: Dialect,
    live: Bench,
    before: (Catalog, Vec<String>),
    after: (Catalog, Vec<String>),
    wanted: Bench,
}

impl Sides {
    fn new(server: Server, case: &Case) -> Result<Self, String> {
        let mut live = Bench::of(server, &case.before, case.rights())?;
        let mut wanted = Bench::of(server, &case.after, case.rights())?;
        // The server's dump may refuse what is refused.
        let is_refused = matches!(case.outcome, Outcome::Refused(_));
        let witness = |it: &Bench| if is_refused { Vec::new() } else { it.witness() };
        let before = (live.catalog()?, witness(&live));
        let after = (wanted.catalog()?, witness(&wanted));
        Ok(Self { dialect: server.dialect(), live, before, after, wanted })
    }

    fn prove(mut self, server: Server, case: &Case) -> Result<(), String> {
        let online =
            Online { indexes: case.has("concurrent_indexes"), constraints: case.has("online") };
        let wish = Wish { online, ..Wish::default() };
        let hints = self.hints(case)?;
        let found = self.generated((&self.before.0, &self.after.0), hints, &wish);
        let generated = match (found, &case.outcome) {
            (Err(problem), Outcome::Refused(part)) => return holds(&problem, part),
            (Ok(it), Outcome::Refused(_)) => return Err(format!("not refused:\n{}", it.up)),
            (it, _) => it?,
        };
        if case.outcome == Outcome::Same {
            let is_empty = generated == Generated::default();
            return if is_empty { Ok(()) } else { Err(format!("not the same:\n{}", generated.up)) };
        }
        if case.outcome == Outcome::Either && generated == Generated::default() {
            return differs(&self.after.1, &self.before.1);
        }
        if case.has_rows && !generated.unplanted.is_empty() {
            return Err(format!("without rows: {}", generated.unplanted.join("; ")));
        }
        self.lead(case, &generated)?;
        for catalog in [&self.before.0, &self.after.0] {
            let again = self.generated((catalog, catalog), Hints::default(), &wish)?;
            if again != Generated::default() {
                return Err(format!("from a schema to itself:\n{}", again.up));
            }
        }
        dumped(server, self.wanted).map_err(|it| format!("dump: {it}"))
    }

    /// Runs the scripts both ways, and compares what they say with the case.
    fn lead(&mut self, case: &Case, generated: &Generated) -> Result<(), String> {
        let Generated { up, down, apart, warnings, changes, .. } = generated;
        let is_told = warnings.iter().any(|it| it.starts_with("destructive: "));
        if is_told && !changes.iter().any(|it| it.destructive) {
            return Err(format!("the changes don't say what is destructive: {warnings:?}"));
        }
        let apart = apart.clone().unwrap_or_default();
        let (more_up, more_down) = (&apart.up, &apart.down);
        let line = |it: &String| format!("-- warning: {it}\n");
        let warnings: String = warnings.iter().map(line).collect();
        if let Some((_, problem)) = warnings.split_once("tables can't be kept in use") {
            return Err(format!("is not divided{problem}"));
        }
        let detected = changes.iter().map(|it| ["-- detected: ", &it.description, "\n"].concat());
        let detected: String = detected.collect();
        told(case, &format!("{detected}{warnings}{up}-- apart: {}\n{more_up}", apart.what))?;
        self.run([up, more_up], Way::Up).map_err(|it| format!("up: {it}\n{up}\n{more_up}"))?;
        let down_scripts: [&str; 2] = [down, more_down];
        self.run(down_scripts, Way::Down)
            .map_err(|it| format!("down: {it}\n{more_down}\n{down}"))?;
        compare(case, generated)?;
        if self.dialect == Dialect::MySql && case.has("online") {
            let dumps = [&*self.before.1, &*self.after.1];
            let bare = [up, down].into_iter().find_map(|it| mysql::without_clauses(it, dumps));
            bare.map_or(Ok(()), |it| Err(format!("locks nobody knows what: {it}")))?;
        }
        Ok(())
    }

    /// Reads the hints in the wanted schema, if there are some.
    fn hints(&self, case: &Case) -> Result<Hints, String> {
        if !["-- renamed from: ", "-- backfill: "].iter().any(|it| case.after.contains(it)) {
            return Ok(Hints::default());
        }
        let mut empty = self.live.scratch();
        let loaded = load_text(Path::new("schema.sql"), &case.after, &mut *empty);
        loaded.map(|it| it.hints).map_err(|error| error.to_string())
    }

    fn generated(
        &self,
        (from, to): (&Catalog, &Catalog),
        hints: Hints,
        wish: &Wish<'_>,
    ) -> Result<Generated, String> {
        let desired = Desired { schema: to.clone(), hints, warnings: Vec::new() };
        let generated = generate(from, &desired, wish, &mut *self.live.scratch());
        generated.map_err(|error| error.to_string())
    }

    /// Runs a script in a transaction, and one without, and looks at where they led.
    fn run(&mut self, [within, apart]: [&str; 2], way: Way) -> Result<(), String> {
        if within.is_empty() && apart.is_empty() {
            return Err("there is no script".to_owned());
        }
        match way {
            Way::Up => {
                self.live.run(within)?;
                self.live.run_apart(apart)?;
            }
            Way::Down => {
                self.live.run_apart(apart)?;
                self.live.run(within)?;
            }
        }
        let (catalog, witness) = match way {
            Way::Up => &self.after,
            Way::Down => &self.before,
        };
        differs(witness, &self.live.witness())?;
        let is_same = same(self.dialect, &self.live.catalog()?, catalog).unwrap();
        if is_same { Ok(()) } else { Err("leads elsewhere, as the library sees it".to_owned()) }
    }
}

#[derive(Clone, Copy)]
enum Way {
    Up,
    Down,
}

/// Dumps a database, loads that in another, and compares both.
fn dumped(server: Server, mut database: Bench) -> Result<(), String> {
    let catalog = database.catalog()?;
    let text = dump(server.dialect(), &catalog).map_err(|error| error.to_string())?;
    let left_out: Vec<&Object> = catalog.of_kind(Kind::Opaque).collect();
    if !left_out.is_empty() {
        let is_told = left_out.iter().all(|it| text.contains(&format!("\n--   {}\n", it.id.name)));
        return if is_told { Ok(()) } else { Err(format!("leaves something out:\n{text}")) };
    }
    let mut again = Bench::of(server, &text, database.rights)
        .map_err(|problem| format!("{problem}\n{text}"))?;
    let witness = |it: &Bench| it.witness();
    differs(&witness(&database), &witness(&again)).map_err(|it| format!("{it}\n{text}"))?;
    let second = dump(server.dialect(), &again.catalog()?).map_err(|error| error.to_string())?;
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    differs(&lines(&text), &lines(&second)).map_err(|it| format!("not the same again: {it}"))
}

/// Tells what two dumps don't have in common.
fn differs(wanted: &[String], found: &[String]) -> Result<(), String> {
    let missing = wanted.iter().filter(|it| !found.contains(it)).map(|it| format!("- {it}"));
    let strange = found.iter().filter(|it| !wanted.contains(it)).map(|it| format!("+ {it}"));
    let all: Vec<String> = missing.chain(strange).collect();
    if all.is_empty() && wanted.len() == found.len() {
        return Ok(());
    }
    Err(format!("leads elsewhere, as the server's dump sees it:\n{}", all.join("\n")))
}

/// Looks for the parts of a script that a case names.
fn told(case: &Case, script: &str) -> Result<(), String> {
    let missing =
        case.says.iter().filter(|it| !script.contains(*it)).map(|it| format!("no `{it}`"));
    let strange = case.hides.iter().filter(|it| script.contains(*it)).map(|it| format!("`{it}`"));
    let all: Vec<String> = missing.chain(strange).collect();
    if all.is_empty() { Ok(()) } else { Err(format!("has {}:\n{script}", all.join(" and "))) }
}

/// Compares scripts with those of a file.
fn compare(case: &Case, generated: &Generated) -> Result<(), String> {
    let Some(golden) = &case.golden else { return Ok(()) };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transitions/golden");
    let path = folder.join(golden).with_extension("sql");
    let Generated { up, down, apart, .. } = generated;
    let apart = apart
        .iter()
        .map(|it| format!("\n-- apart: {}\n-- up\n\n{}\n-- down\n\n{}", it.what, it.up, it.down));
    let apart: String = apart.collect();
    let actual = format!("-- up\n\n{up}\n-- down\n\n{down}{apart}");
    if variable("UPDATE").is_some() {
        fs::create_dir_all(folder).unwrap();
        fs::write(&path, &actual).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    if actual == expected { Ok(()) } else { Err(format!("{golden} differs:\n{actual}")) }
}
