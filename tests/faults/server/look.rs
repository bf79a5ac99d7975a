//! What a foreign client finds in a server's database, and what must hold of it.

use std::collections::BTreeSet;

use crate::look::{Running, State, in_order, replay};
use crate::project::{ROWS, Revision};
use crate::server::scene::{DATA_STATEMENTS, Engine, STATEMENTS};

/// What there is: tables, columns that revisions add, and indexes.
const NAMES: [&str; 2] = [
    "SELECT 't', table_name FROM information_schema.tables WHERE table_schema = 'public' UNION ALL \
     SELECT 'c', table_name FROM information_schema.columns WHERE table_schema = 'public' \
     AND column_name = 'c' UNION ALL \
     SELECT 'i', indexname FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT 't', table_name FROM information_schema.tables WHERE table_schema = database() \
     UNION ALL SELECT 'c', table_name FROM information_schema.columns WHERE table_schema = \
     database() AND column_name = 'c' UNION ALL \
     SELECT 'i', index_name FROM information_schema.statistics WHERE table_schema = database()",
];

/// Answers to queries, each line behind a word for what it tells.
struct Answers {
    names: Vec<String>,
    lines: Vec<Vec<String>>,
}

impl Answers {
    fn new(engine: Engine, revisions: &[Revision], query: impl Fn(&str) -> Vec<String>) -> Self {
        let mut res = Self { names: query(engine.pick(NAMES[0], NAMES[1])), lines: Vec::new() };
        let mut questions = vec![
            "SELECT 'audit', revision, way FROM audit ORDER BY id".to_owned(),
            "SELECT 'data', id FROM data".to_owned(),
        ];
        if res.has("t", "migrate_version") {
            let rows = "SELECT 'row', revision FROM migrate_version ORDER BY position";
            questions.push(rows.to_owned());
        }
        if res.has("t", "migrate_version_running") {
            let rows = "SELECT 'running', revision, operation, begun, done, process FROM \
                        migrate_version_running";
            questions.push(rows.to_owned());
        }
        for id in revisions.iter().map(|it| &it.id).filter(|id| res.has("t", &format!("t_{id}"))) {
            let rows = format!("SELECT 'rows', '{id}', count(*), coalesce(sum(n), 0) FROM t_{id}");
            questions.push(rows);
        }
        let words = |line: String| line.split('|').map(str::to_owned).collect();
        res.lines = query(&(questions.join(";\n") + ";")).into_iter().map(words).collect();
        res
    }

    fn has(&self, kind: &str, name: &str) -> bool {
        self.names.iter().any(|it| *it == format!("{kind}|{name}"))
    }

    fn of(&self, kind: &str) -> impl Iterator<Item = &Vec<String>> {
        self.lines.iter().filter(move |it| it[0] == kind)
    }

    /// Returns how many statements of an up script have left their traces; they must be the first.
    #[track_caller]
    fn level(&self, revision: &Revision, is_audited: bool) -> i64 {
        let id = &revision.id;
        let traces = if revision.is_data {
            vec![self.of("data").any(|it| it[1] == *id), is_audited]
        } else {
            let number = |text: &String| text.parse::<i64>().unwrap();
            let found = self.of("rows").find(|it| it[1] == *id);
            let (rows, sum) = found.map_or((0, 0), |it| (number(&it[2]), number(&it[3])));
            assert!([0, ROWS].contains(&rows) && [0, ROWS].contains(&sum), "{id}: {rows}, {sum}");
            let table = format!("t_{id}");
            let (table, column) = (self.has("t", &table), self.has("c", &table));
            let index = self.has("i", &format!("i_{id}"));
            vec![table, rows == ROWS, column, sum == ROWS, index, is_audited]
        };
        let level = traces.iter().take_while(|it| **it).count();
        assert!(!traces[level..].contains(&true), "{id} is there in part: {traces:?}");
        i64::try_from(level).unwrap()
    }
}

/// Reads and checks what queries answer while nobody is at work.
#[track_caller]
pub(crate) fn state(
    engine: Engine,
    revisions: &[Revision],
    query: impl Fn(&str) -> Vec<String>,
) -> State {
    let answers = Answers::new(engine, revisions, query);
    let trail: Vec<String> = answers.of("audit").map(|it| format!("{} {}", it[1], it[2])).collect();
    let audited = replay(&trail, revisions);
    let recorded: Vec<String> = answers.of("row").map(|it| it[1].clone()).collect();
    in_order(&recorded, revisions);
    let applied: BTreeSet<String> = recorded.into_iter().collect();
    let rows: Vec<&Vec<String>> = answers.of("running").collect();
    let mut running = running(&rows, &applied);
    for revision in revisions {
        let level = answers.level(revision, audited.contains(&revision.id));
        check(engine, revision, level, &applied, running.as_mut());
    }
    State { applied, running }
}

/// Asserts that a revision is there as far as it should be.
#[track_caller]
fn check(
    engine: Engine,
    revision: &Revision,
    level: i64,
    applied: &BTreeSet<String>,
    running: Option<&mut Running>,
) {
    let id = &revision.id;
    let all = if revision.is_data { DATA_STATEMENTS } else { STATEMENTS };
    match running.filter(|it| it.revision == *id) {
        Some(running) => {
            let may_be_half = match engine {
                Engine::Postgres => revision.is_bare,
                Engine::Mariadb | Engine::Oceanbase => !revision.is_data,
            };
            assert!(may_be_half, "{running:?}");
            assert_eq!(applied.contains(id), running.is_down, "{running:?}");
            running.effects = if running.is_down { all - level } else { level };
            let noted = running.done..=running.begun;
            assert!(noted.contains(&running.effects), "{running:?}");
            assert!(running.begun - running.done <= 1, "{running:?}");
        }
        None if applied.contains(id) => assert_eq!(level, all, "{id} is recorded"),
        None => assert_eq!(level, 0, "{id} is not recorded"),
    }
}

/// Returns the revision that is half done. A row of one that is wholly done, which the next one
/// was to take over, says nothing.
#[track_caller]
fn running(rows: &[&Vec<String>], applied: &BTreeSet<String>) -> Option<Running> {
    assert!(rows.len() <= 1, "{rows:?}");
    let row = rows.first()?;
    let is_down = row[2] == "downgrade";
    if !row[5].is_empty() && applied.contains(&row[1]) != is_down {
        return None;
    }
    let number = |at: usize| row[at].parse().unwrap();
    let (begun, done): (i64, i64) = (number(3), number(4));
    if begun == 0 {
        // Nothing is half done.
        return None;
    }
    Some(Running { revision: row[1].clone(), is_down, begun, done, effects: 0 })
}
