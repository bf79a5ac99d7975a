//! Runs that are stopped at random moments in random ways: a signal, a kill, a connection that breaks
//! off. Nothing is lost and nothing is done twice, whatever a person has to decide in between.
//!
//! `LIMBECK_FAULTS=long cargo test --release --test faults -- stopped_at_random --nocapture` stops a
//! thousand runs on `MariaDB` and five hundred on each of the others; `LIMBECK_FAULTS_SEED` shifts the
//! moments. `LIMBECK_FAULTS_STOPS` is another number of them.

use std::collections::BTreeSet;
use std::process::Child;
use std::thread;
use std::time::Duration;

use servers::Proxy;

use crate::project::Run;
use crate::server::cluster::Deployment;
use crate::server::cuts::behind_proxy;
use crate::server::scene::{Engine, Scene};
use crate::signals::{SIGNALS, send};
use crate::trial::{Bench, MODES, WAYS, Way};
use crate::{Random, is_long, seed, skip, tell};

/// Revisions of every kind, few, for each trial runs them several times.
const GRAPH: &str = "r0; a1<r0; a2<a1 data; b1<r0 none; m1<a2,b1";

/// How a run is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    Signal(&'static str, i32),
    Kill,
    Cut,
}

impl Stop {
    fn any(random: &mut Random, has_connection: bool) -> Self {
        match random.below(if has_connection { 5 } else { 4 }) {
            0 | 1 => Self::Signal(SIGNALS[0].0, SIGNALS[0].1),
            2 => Self::Signal(SIGNALS[1].0, SIGNALS[1].1),
            3 => Self::Kill,
            _ => Self::Cut,
        }
    }

    fn hit(self, child: &mut Child, proxy: Option<&Proxy>) {
        match self {
            _ if child.try_wait().unwrap().is_some() => {}
            Self::Signal(signal, _) => send(child, signal),
            Self::Kill => child.kill().unwrap(),
            Self::Cut => proxy.into_iter().for_each(Proxy::cut_all),
        }
    }
}

/// What became of the trials.
#[derive(Debug, Default, Clone, Copy)]
struct Counts {
    trials: u64,
    stopped: u64,
    half: u64,
    doubt: u64,
}

impl Counts {
    fn add(&mut self, other: Self) {
        self.trials += other.trials;
        self.stopped += other.stopped;
        self.half += other.half;
        self.doubt += other.doubt;
    }

    fn tell(self, what: &str) {
        tell(&format!(
            "stopped at random on {what}, seed {}: {} trials, {} before the end, {} within a revision \
             that is not taken back, {} with a statement in doubt; none lost, none twice",
            seed(),
            self.trials,
            self.stopped,
            self.half,
            self.doubt
        ));
    }
}

/// Returns how many runs are stopped.
#[expect(clippy::disallowed_methods, reason = "the switch of this test, not of the program")]
fn trials(short: u64, long: u64) -> u64 {
    let given = std::env::var("LIMBECK_FAULTS_STOPS").ok().and_then(|it| it.parse().ok());
    given.unwrap_or(if is_long() { long } else { short })
}

/// Stops runs on a server, in two projects at a time.
fn stopped_on(engine: Engine, graph: &str, what: &str, count: u64) {
    const WORKERS: u64 = 2;
    let mut counts = Counts::default();
    thread::scope(|scope| {
        let work =
            |worker| scope.spawn(move || stopped_in_one(engine, graph, worker, count / WORKERS));
        let workers: Vec<_> = (0..WORKERS).map(work).collect();
        for worker in workers {
            counts.add(worker.join().unwrap().unwrap_or_default());
        }
    });
    counts.tell(what);
}

fn stopped_in_one(engine: Engine, graph: &str, worker: u64, count: u64) -> Option<Counts> {
    let (scene, proxy) = behind_proxy(engine, graph, "")?;
    let mut random = Random::new(61 + worker);
    let mut counts = Counts::default();
    let mut usual = WAYS.map(|way| scene.usual(way));
    scene.reset(Way::Up);
    for round in 0..count {
        let way = WAYS[usize::from(random.below(2) == 1)];
        if way == Way::Down || round == 0 {
            scene.reset(way);
        }
        let stop = Stop::any(&mut random, true);
        let mut child = scene.project.spawn(&[&["--json"], way.arguments()].concat());
        let most = &mut usual[usize::from(way == Way::Down)];
        thread::sleep(Duration::from_micros(random.below(*most)));
        stop.hit(&mut child, Some(&proxy));
        let run = Run::from(child.wait_with_output().unwrap());
        assert!(!run.stderr.contains("panicked"), "{stop:?}: {run:?}");
        // Nobody but the clock gives a lease back that a killed client had.
        if engine == Engine::Oceanbase {
            scene.project.done(&["lock", "release", "--yes"]);
        }
        let found = scene.finish(way);
        assert_said(&scene, way, stop, &run, &scene.changed(way, &found));
        counts.trials += 1;
        counts.stopped += u64::from(run.code != Some(0));
        counts.half += u64::from(found.running.is_some());
        counts.doubt += u64::from(found.running.is_some_and(|it| it.is_in_doubt()));
        // The machine may be slower than it was at first; moments after the end try nothing.
        *most = if run.code == Some(0) { *most * 19 / 20 } else { *most * 41 / 40 };
    }
    Some(counts)
}

/// Asserts that a run that was stopped has told no more than it did.
#[track_caller]
fn assert_said(scene: &Scene, way: Way, stop: Stop, run: &Run, changed: &BTreeSet<String>) {
    match (run.code, stop) {
        (Some(0), _) => assert_eq!(*changed, scene.all(), "{run:?}"),
        (Some(code), Stop::Signal(_, wanted)) => assert_eq!(code, wanted, "{way:?}: {run:?}"),
        (Some(_), Stop::Cut) => run.assert_told(),
        (Some(_), Stop::Kill) => panic!("{run:?}"),
        // Before the program hears signals itself, one ends it like any other.
        (None, _) => return,
    }
    let said: BTreeSet<String> = run.steps().into_iter().collect();
    assert!(said.is_subset(changed), "{stop:?} {said:?}, {changed:?}: {run:?}");
    if run.code != Some(0) && matches!(stop, Stop::Signal(..)) && !run.stdout.contains("not known")
    {
        assert_eq!(said, *changed, "{stop:?}: {run:?}");
    }
}

#[test]
fn runs_on_mariadb_are_stopped_at_random() {
    stopped_on(Engine::Mariadb, GRAPH, "MariaDB", trials(16, 1000));
}

#[test]
fn runs_on_postgres_are_stopped_at_random() {
    stopped_on(Engine::Postgres, GRAPH, "PostgreSQL", trials(12, 500));
}

#[test]
fn runs_on_postgres_without_transactions_are_stopped_at_random() {
    let graph = "r0; a1<r0 none; b1<r0 none; m1<a1,b1 none";
    stopped_on(Engine::Postgres, graph, "PostgreSQL, without transactions", trials(12, 500));
}

#[test]
fn runs_on_oceanbase_are_stopped_at_random() {
    stopped_on(Engine::Oceanbase, "r0; a1<r0; b1<a1 data", "OceanBase", trials(4, 500));
}

#[test]
fn runs_on_sqlite_are_stopped_at_random() {
    let mut random = Random::new(71);
    let mut counts = Counts::default();
    let count = trials(16, 500);
    for mode in MODES {
        let bench = Bench::new(GRAPH.replace(" data", "").as_str(), mode);
        for _ in 0..count / 4 {
            let way = WAYS[usize::from(random.below(2) == 1)];
            bench.reset(way);
            let stop = Stop::any(&mut random, false);
            let mut child = bench.project.spawn(&[&["--json"], way.arguments()].concat());
            thread::sleep(Duration::from_micros(random.below(30_000)));
            stop.hit(&mut child, None);
            let run = Run::from(child.wait_with_output().unwrap());
            assert!(!run.stderr.contains("panicked"), "{stop:?}: {run:?}");
            let found = bench.finish(way);
            counts.trials += 1;
            counts.stopped += u64::from(run.code != Some(0));
            counts.half += u64::from(found.running.is_some());
            counts.doubt += u64::from(found.running.is_some_and(|it| it.is_in_doubt()));
        }
    }
    counts.tell("SQLite");
}

#[test]
fn runs_on_galera_are_stopped_at_random() {
    if !is_long() {
        return skip("stops at random on Galera");
    }
    let Some(mut deployment) = Deployment::start() else { return };
    let mut random = Random::new(81);
    let mut counts = Counts::default();
    for round in 0..trials(4, 500) {
        let way = WAYS[usize::from(round % 2 == 1)];
        let stop = Stop::any(&mut random, false);
        let mut child = deployment.command(0, way).spawn().unwrap();
        thread::sleep(Duration::from_micros(random.below(400_000)));
        stop.hit(&mut child, None);
        let run = Run::from(child.wait_with_output().unwrap());
        assert!(!run.stderr.contains("panicked"), "{stop:?}: {run:?}");
        // Nobody but the clock gives a lease back that a killed client had.
        deployment.project.done(&["lock", "release", "--yes"]);
        let found = deployment.look(0);
        counts.trials += 1;
        counts.stopped += u64::from(run.code != Some(0));
        counts.half += u64::from(found.running.is_some());
        counts.doubt += u64::from(found.running.is_some_and(|it| it.is_in_doubt()));
        deployment.complete(0, way);
    }
    counts.tell("Galera");
}
