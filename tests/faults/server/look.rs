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

/// Reads and checks what queries answer while nobody is at work.
#[track_caller]
pub(crate) fn state(
    engine: Engine,
    revisions: &[Revision],
    query: impl Fn(&str) -> Vec<String>,
) -> State {
    let names = query(NAMES[engine as usize]);
    let has = |kind: &str, name: &str| names.iter().any(|it| *it == format!("{kind}|{name}"));
    let mut questions = vec!["SELECT 'audit', revision, way FROM audit ORDER BY id".to_owned()];
    questions.push("SELECT 'data', id FROM data".to_owned());
    if has("t", "migrate_version") {
        questions.push("SELECT 'row', revision FROM migrate_version ORDER BY position".to_owned());
    }
    if has("t", "migrate_version_running") {
        questions.push(
            "SELECT 'running', revision, operation, begun, done, process FROM \
             migrate_version_running"
                .to_owned(),
        );
    }
    for id in revisions.iter().map(|it| &it.id).filter(|id| has("t", &format!("t_{id}"))) {
        questions.push(format!("SELECT 'rows', '{id}', count(*), coalesce(sum(n), 0) FROM t_{id}"));
    }
    let lines = query(&(questions.join(";\n") + ";"));
    let of = |kind: &str| -> Vec<Vec<String>> {
        let words = |line: &String| line.split('|').map(str::to_owned).collect::<Vec<_>>();
        lines.iter().map(words).filter(|it| it[0] == kind).collect()
    };
    let trail: Vec<String> = of("audit").iter().map(|it| format!("{} {}", it[1], it[2])).collect();
    let audited = replay(&trail, revisions);
    let recorded: Vec<String> = of("row").into_iter().map(|it| it[1].clone()).collect();
    in_order(&recorded, revisions);
    let applied: BTreeSet<String> = recorded.into_iter().collect();
    let mut running = running(&of("running"), &applied);
    for revision in revisions {
        let id = &revision.id;
        let traces = if revision.is_data {
            let is_there = of("data").iter().any(|it| it[1] == *id);
            vec![is_there, audited.contains(id)]
        } else {
            let rows = of("rows").into_iter().find(|it| it[1] == *id);
            let (rows, sum) = rows.map_or((0, 0), |it| {
                (it[2].parse::<i64>().unwrap(), it[3].parse::<i64>().unwrap())
            });
            assert!([0, ROWS].contains(&rows) && [0, ROWS].contains(&sum), "{id}: {rows}, {sum}");
            let table = format!("t_{id}");
            let index = has("i", &format!("i_{id}"));
            vec![
                has("t", &table),
                rows == ROWS,
                has("c", &table),
                sum == ROWS,
                index,
                audited.contains(id),
            ]
        };
        let level = traces.iter().take_while(|it| **it).count();
        assert!(!traces[level..].contains(&true), "{id} is there in part: {traces:?}");
        let all = if revision.is_data { DATA_STATEMENTS } else { STATEMENTS };
        check(engine, revision, i64::try_from(level).unwrap(), all, &applied, running.as_mut());
    }
    State { applied, running }
}

/// Asserts that a revision of so many statements is there as far as it should be.
#[track_caller]
fn check(
    engine: Engine,
    revision: &Revision,
    level: i64,
    all: i64,
    applied: &BTreeSet<String>,
    running: Option<&mut Running>,
) {
    let id = &revision.id;
    match running.filter(|it| it.revision == *id) {
        Some(running) => {
            let may_be_half = match engine {
                Engine::Postgres => revision.is_bare,
                Engine::Mariadb => !revision.is_data,
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
fn running(rows: &[Vec<String>], applied: &BTreeSet<String>) -> Option<Running> {
    assert!(rows.len() <= 1, "{rows:?}");
    let row = rows.first()?;
    let is_down = row[2] == "downgrade";
    if !row[5].is_empty() && applied.contains(&row[1]) != is_down {
        return None;
    }
    let number = |at: usize| row[at].parse().unwrap();
    let (begun, done) = (number(3), number(4));
    Some(Running { revision: row[1].clone(), is_down, begun, done, effects: 0 })
}
