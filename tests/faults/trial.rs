//! A trial: a database as it was before, something that goes wrong, and the way on from there.

use std::collections::BTreeSet;
use std::fs;

use rusqlite::Connection;

use crate::look::{State, look};
use crate::project::Project;

/// How the database keeps its journal, and how the program commits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mode {
    pub(crate) is_wal: bool,
    pub(crate) is_grouped: bool,
}

/// All ways together.
pub(crate) const MODES: [Mode; 4] = [
    Mode { is_wal: false, is_grouped: true },
    Mode { is_wal: false, is_grouped: false },
    Mode { is_wal: true, is_grouped: true },
    Mode { is_wal: true, is_grouped: false },
];

/// Which way a trial goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Up,
    Down,
}

/// Both of them.
pub(crate) const WAYS: [Way; 2] = [Way::Up, Way::Down];

impl Way {
    /// Returns the command line.
    pub(crate) fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Up => &["upgrade"],
            Self::Down => &["downgrade", "base"],
        }
    }

    /// Returns the other one.
    pub(crate) fn back(self) -> Self {
        match self {
            Self::Up => Self::Down,
            Self::Down => Self::Up,
        }
    }
}

/// A project with the databases that trials start from.
pub(crate) struct Bench {
    pub(crate) project: Project,
    empty: Option<Vec<u8>>,
    full: Vec<u8>,
}

impl Bench {
    /// Makes a project and its databases.
    pub(crate) fn new(graph: &str, mode: Mode) -> Self {
        let settings = if mode.is_grouped { "" } else { "group_commit = false" };
        let project = Project::new(graph, settings);
        let mut empty = None;
        if mode.is_wal {
            let connection = Connection::open(project.path("app.db")).unwrap();
            connection.pragma_update(None, "journal_mode", "WAL").unwrap();
            drop(connection);
            empty = Some(fs::read(project.path("app.db")).unwrap());
        }
        project.done(Way::Up.arguments());
        assert_eq!(project.database_files(), [project.path("app.db")]);
        let full = fs::read(project.path("app.db")).unwrap();
        Self { project, empty, full }
    }

    /// Puts the database there that a way begins with.
    pub(crate) fn reset(&self, way: Way) {
        self.project.reset(match way {
            Way::Up => self.empty.as_deref(),
            Way::Down => Some(&self.full),
        });
    }

    /// Returns all revisions.
    pub(crate) fn all(&self) -> BTreeSet<String> {
        self.project.revisions.iter().map(|it| it.id.clone()).collect()
    }

    /// Asserts what must hold now, then goes the way to its end, and back.
    ///
    /// Returns what was found first.
    #[track_caller]
    pub(crate) fn finish(&self, way: Way) -> State {
        let found = look(&self.project);
        let mut arguments = way.arguments().to_vec();
        if found.running.is_some() {
            self.settle(way);
            arguments.push("--resume");
        }
        self.project.done(&arguments);
        self.assert_at_end(way);
        self.project.done(way.back().arguments());
        self.assert_at_end(way.back());
        found
    }

    /// Does what a person would do about a revision that stopped partway.
    #[track_caller]
    fn settle(&self, way: Way) {
        // Without a word it stands in the way.
        let mut arguments = vec!["--json"];
        arguments.extend(way.arguments());
        let refused = self.project.run(&arguments);
        refused.assert_told();
        assert_eq!(refused.json()["error"]["kind"], "half_done", "{refused:?}");
        let running = look(&self.project).running.unwrap();
        assert_eq!(running.is_down, way == Way::Down, "{running:?}");
        if running.is_in_doubt() {
            let took_effect = running.effects == running.begun;
            let verdict = if took_effect { "--done" } else { "--again" };
            self.project.done(&["repair", verdict, &running.revision]);
            let settled = look(&self.project).running.unwrap();
            assert!(!settled.is_in_doubt(), "{settled:?}");
        }
    }

    #[track_caller]
    fn assert_at_end(&self, way: Way) {
        let applied = if way == Way::Up { self.all() } else { BTreeSet::new() };
        assert_eq!(look(&self.project), State { applied, running: None });
    }

    /// Returns what a way that was begun has changed, compared with where it began.
    pub(crate) fn changed(&self, way: Way, found: &State) -> BTreeSet<String> {
        match way {
            Way::Up => found.applied.clone(),
            Way::Down => self.all().difference(&found.applied).cloned().collect(),
        }
    }
}
