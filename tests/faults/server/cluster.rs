//! Three nodes of Galera: any of them may be deployed through, and any may die.

use std::thread;
use std::time::Duration;

use servers::Cluster;

use crate::look::State;
use crate::project::{Project, Run};
use crate::server::look;
use crate::server::scene::{Engine, TABLES, write_scripts};
use crate::trial::{WAYS, Way};
use crate::{Random, is_long, short_or_long, skip, tell};

const GRAPH: &str = "r0; a1<r0; a2<a1 data; b1<r0 none; b2<b1 data; m1<a2,b2; c1<m1; d1<c1 data";

/// A project and the cluster that it deploys to.
pub(crate) struct Deployment {
    cluster: Cluster,
    pub(crate) project: Project,
}

impl Deployment {
    pub(crate) fn start() -> Option<Self> {
        let cluster = servers::galera(3)?;
        let mut project = Project::empty(&std::env::temp_dir());
        project.write("migrate.toml", "[migrate]\n");
        write_scripts(&mut project, Engine::Mariadb, GRAPH);
        cluster.execute(0, TABLES);
        Some(Self { cluster, project })
    }

    pub(crate) fn command(&mut self, node: usize, way: Way) -> std::process::Command {
        self.project.set("MIGRATE_URL", &self.cluster.url(node));
        self.project.command(&[&["--json"], way.arguments()].concat())
    }

    fn run(&mut self, node: usize, way: Way, more: &[&str]) -> Run {
        self.command(node, way).args(more).output().unwrap().into()
    }

    pub(crate) fn look(&self, node: usize) -> State {
        // What another node has committed may be on its way.
        let barrier = "SET SESSION wsrep_sync_wait = 15;";
        let query = |sql: &str| self.cluster.query(node, &format!("{barrier}{sql}"));
        look::state(Engine::Mariadb, &self.project.revisions, query)
    }

    /// Waits until the others know that a node is gone.
    fn wait_for_loss(&self, node: usize) {
        let size = "SELECT variable_value FROM information_schema.global_status \
                    WHERE variable_name = 'wsrep_cluster_size'";
        while self.cluster.query(node, size) != ["2"] {
            thread::sleep(Duration::from_millis(50));
        }
    }

    fn race(&mut self, way: Way) -> Vec<Run> {
        let mut children = Vec::new();
        for racer in 0..6 {
            children.push(self.command(racer % 3, way).spawn().unwrap());
        }
        children.into_iter().map(|child| child.wait_with_output().unwrap().into()).collect()
    }

    /// Completes a way through a node, as a person would.
    #[track_caller]
    pub(crate) fn complete(&mut self, node: usize, way: Way) {
        let found = self.look(node);
        if let Some(running) = found.running {
            if running.is_in_doubt() && self.run(node, way, &["--resume"]).code != Some(0) {
                let verdict = if running.effects == running.begun { "--done" } else { "--again" };
                self.project.done(&["repair", verdict, &running.revision]);
            }
            let run = self.run(node, way, &["--resume"]);
            assert_eq!(run.code, Some(0), "{run:?}");
        } else {
            let run = self.run(node, way, &[]);
            assert_eq!(run.code, Some(0), "{run:?}");
        }
        let whole = self.look(node);
        let count = if way == Way::Up { self.project.revisions.len() } else { 0 };
        assert_eq!((whole.applied.len(), whole.running), (count, None));
    }
}

#[test]
fn deployers_on_a_cluster_race_and_a_node_dies() {
    if !is_long() {
        return skip("races on a cluster");
    }
    let Some(mut deployment) = Deployment::start() else { return };
    let all = deployment.project.revisions.len();
    let rounds = short_or_long(1, 5);
    for round in 0..rounds {
        for way in WAYS {
            let runs = deployment.race(way);
            assert!(runs.iter().all(|run| run.code == Some(0)), "{way:?} {round}: {runs:?}");
            let mut steps: Vec<String> = runs.iter().flat_map(Run::steps).collect();
            steps.sort();
            steps.dedup();
            let count: usize = runs.iter().map(|run| run.steps().len()).sum();
            assert_eq!((count, steps.len()), (all, all), "{way:?} {round}: {runs:?}");
            for node in 0..3 {
                let expected = if way == Way::Up { all } else { 0 };
                assert_eq!(deployment.look(node).applied.len(), expected);
            }
        }
    }
    tell(&format!("races of 6 on a cluster: {} rounds", 2 * rounds));
    let mut random = Random::new(31);
    let mut lost = 0;
    for round in 0..3 {
        let node = round % 3;
        let other = (node + 1) % 3;
        for way in WAYS {
            let child = deployment.command(node, way).spawn().unwrap();
            thread::sleep(Duration::from_millis(30 + random.below(400)));
            deployment.cluster.kill9(node);
            let run = Run::from(child.wait_with_output().unwrap());
            if run.code != Some(0) {
                run.assert_told();
                assert_eq!(run.json()["error"]["kind"], "unreachable", "{run:?}");
                lost += 1;
            }
            deployment.complete(other, way);
            deployment.wait_for_loss(other);
            deployment.cluster.restart(node);
            assert_eq!(deployment.look(node), deployment.look(other));
        }
    }
    tell(&format!("kill -9 of a node: 6 trials, {lost} before the end"));
}

/// A schema for a cluster, and a later one.
const SCHEMA: &str = "CREATE TABLE p (id int AUTO_INCREMENT PRIMARY KEY, n varchar(20) NOT NULL);
CREATE TABLE c (id int AUTO_INCREMENT PRIMARY KEY, p int, CONSTRAINT c_p FOREIGN KEY (p) REFERENCES p (id));
CREATE VIEW v AS SELECT n FROM p;
";
const LATER: &str = "CREATE TABLE p (id int AUTO_INCREMENT PRIMARY KEY, n varchar(90) NOT NULL, k int NOT NULL DEFAULT 1, KEY p_k (k));
CREATE TABLE c (id int AUTO_INCREMENT PRIMARY KEY, p int, CONSTRAINT c_p FOREIGN KEY (p) REFERENCES p (id) ON DELETE CASCADE);
CREATE VIEW v AS SELECT n, k FROM p;
";

#[test]
fn a_revision_that_one_node_proves_runs_on_another() {
    if !is_long() {
        return skip("generated revisions on a cluster");
    }
    let Some(cluster) = servers::galera(3) else { return };
    let mut project = Project::empty(&std::env::temp_dir());
    project.write("migrate.toml", "[migrate]\n");
    std::fs::create_dir_all(project.path("versions")).unwrap();
    for (node, schema) in [(0, SCHEMA), (1, LATER)] {
        project.write("schema.sql", schema);
        for (node, arguments) in [
            (node, &["revision", "--autogenerate", "-m", "next"][..]),
            ((node + 1) % 3, &["upgrade", "head"]),
            ((node + 2) % 3, &["check"]),
            ((node + 2) % 3, &["downgrade", "-1"]),
            (node, &["upgrade", "head"]),
        ] {
            project.set("MIGRATE_URL", &cluster.url(node));
            let run: Run = project.command(arguments).output().unwrap().into();
            assert_eq!(run.code, Some(0), "{arguments:?} on node {node}: {run:?}");
        }
    }
    let scratch =
        "SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE 'migrate%'";
    assert_eq!(cluster.query(2, scratch), Vec::<String>::new());
}
