//! Migrations of a real SQLite file: what the plan says, what the record says, and what is there.

use std::fs;
use std::path::Path;

use limbeck::config::{Environment, Overrides};
use limbeck::database::Connection;
use limbeck::ops::{self, Direction, Request};
use limbeck::plan::{self, Target};
use limbeck::project::Project;
use limbeck::revision::RevisionId;
use limbeck::revision::write::{Down, Pair, write_pair};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::cases;
use crate::family::{Drawn, Family, MOST, drawn, header};
use crate::typed::ask;

const CONFIG: &str = "[migrate]\nurl = \"sqlite:test.db\"\nversions = [\"versions\"]\n";

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn tables_rows_and_plan_are_the_same_after_every_step(
        drawn in drawn(12), asks in vec(ask(), 2), first in 0..MOST,
    ) {
        let folder = tempfile::tempdir().unwrap();
        write(&drawn, folder.path());
        let overrides =
            Overrides { config: Some(folder.path().join("migrate.toml")), ..Default::default() };
        let environment = Environment::new(folder.path(), [("", ""); 0]);
        let project = Project::open(&overrides, &environment).unwrap();
        let mut connection = ops::open_to_write(&project).unwrap();
        let family = Family::new(&drawn);
        let mut applied = 0;
        let first = first.checked_rem(drawn.len()).map(|at| drawn[at].id.clone());
        for target in first.into_iter().chain(asks.iter().map(|it| it.text(&drawn))) {
            let up = (Direction::Upgrade, target.as_str());
            applied = run(&project, &mut *connection, &family, applied, up);
        }
        let back = asks[0].text(&drawn);
        for target in [back.as_str(), "base"] {
            let down = (Direction::Downgrade, target);
            applied = run(&project, &mut *connection, &family, applied, down);
        }
        prop_assert_eq!(applied, 0);
    }
}

/// Writes a project whose scripts fail wherever a table that they need isn't there.
fn write(drawn: &[Drawn], folder: &Path) {
    fs::write(folder.join("migrate.toml"), CONFIG).unwrap();
    fs::create_dir(folder.join("versions")).unwrap();
    for (at, it) in drawn.iter().enumerate() {
        let needs = it.parents.iter().chain(&it.dependencies);
        let reads: Vec<String> = needs.map(|it| format!("SELECT * FROM t{it};\n")).collect();
        let pair = Pair::new(&folder.join("versions"), &format!("{:05}_{at:02}", it.key));
        let up = reads.concat() + &format!("CREATE TABLE t{at} (id INTEGER PRIMARY KEY);\n");
        let down = reads.concat() + &format!("DROP TABLE t{at};\n");
        write_pair(&pair, &header(drawn, it), &up, Down::Script(&down)).unwrap();
    }
}

/// Migrates, compares what came of it, and returns what is applied then.
fn run(
    project: &Project,
    connection: &mut (dyn Connection + '_),
    family: &Family,
    applied: u32,
    (direction, target): (Direction, &str),
) -> u32 {
    let (state, parsed) = (family.state(applied), Target::parse(target));
    let plan = match direction {
        Direction::Upgrade => plan::upgrade(&family.graph, &state, &parsed),
        Direction::Downgrade => plan::downgrade(&family.graph, &state, &parsed),
    };
    let request = Request::new(direction, target);
    let report = ops::migrate(project, connection, &request, &mut |_| {});
    assert_eq!(report.is_ok(), plan.is_ok(), "{target}: {report:?}");
    let (mut expected, plan) = (applied, plan.unwrap_or_default());
    if let Ok(report) = report {
        let done: Vec<RevisionId> = report.steps.into_iter().map(|it| it.revision).collect();
        assert_eq!(done, family.graph.ids(&plan.nodes()));
        expected = match direction {
            Direction::Upgrade => family.upgraded(applied, &plan),
            Direction::Downgrade => family.downgraded(applied, &plan),
        };
        let heads = report.heads.iter().map(|id| family.graph.find(id.as_str()).unwrap());
        assert_eq!(family.set(heads), family.maximal(expected));
    }
    let tables = "SELECT name FROM sqlite_schema WHERE name GLOB 't[0-9]*'";
    let tables = texts(connection, tables);
    let made: u32 = tables.iter().map(|it| 1 << it[1..].parse::<u32>().unwrap()).sum();
    assert_eq!(made, expected, "{target}");
    // The version table is there once something was applied.
    let mut rows = Vec::new();
    if connection.has_table("migrate_version").unwrap() {
        rows = texts(connection, "SELECT revision FROM migrate_version");
    }
    let recorded = rows.iter().map(|id| family.graph.find(id).unwrap());
    assert_eq!(family.set(recorded), expected, "{target}");
    expected
}

fn texts(connection: &mut dyn Connection, query: &str) -> Vec<String> {
    connection.query(query).unwrap().into_iter().map(|row| row[0].clone().unwrap()).collect()
}
