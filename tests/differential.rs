//! The planner against recorded answers of Alembic itself.
//!
//! `tests/alembic/cases.json` holds graphs, commands, and what Alembic made of them; how it was
//! recorded stands in `tests/alembic/README.md`. `LIMBECK_ALEMBIC_CASES` names another recording.
//! Where we differ on purpose a case falls under one of [`Wanted`], which ARCHITECTURE.md lists.
#![expect(clippy::unwrap_used, reason = "a test that can't read its data has failed")]

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use limbeck::plan::{self, PlanError, Splice, State, Target};
use limbeck::revision::{
    Checksum, ExtraKeys, Extras, Folder, Follow, Graph, Header, Node, NodeSet, Revision,
    RevisionId, ScriptPair, Source,
};
use serde_json::Value;

/// What we do otherwise than Alembic, on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Wanted {
    /// The beginning of a branch label is refused.
    PartialLabel,
    /// `-N` with several heads applied is refused; Alembic takes the first row.
    SeveralCurrent,
    /// A branch that doesn't exist, or isn't the only one, is refused, with `base` as well.
    UnknownBranch,
    /// `downgrade BRANCH@REV` is refused where the revision isn't on the branch.
    OffBranch,
    /// `stamp` and `show` understand relative forms as upgrade and downgrade do; `revision --head`
    /// refuses those that lead below the base.
    Relative,
    /// The plan is right and Alembic's own version table fails half way; we do what it planned.
    HalfWay,
    /// Alembic leaves rows of which one needs another; we keep the heads of what is applied.
    Overlapping,
    /// Several targets of a stamp end the same wherever the database stood, and in every order;
    /// Alembic forgets one, or fails half way.
    SeveralTargets,
    /// `downgrade BRANCH@REV` is refused while nothing of the branch is applied and others would go.
    BesideBranch,
    /// A merge of one revision, or of none, is refused.
    NothingToMerge,
}

/// How one case ended.
#[derive(Debug, PartialEq)]
enum Outcome {
    Steps(Vec<String>, Vec<String>),
    Rows(Vec<String>),
    Revisions(Vec<String>),
    Refused,
}

#[test]
fn the_planner_does_what_alembic_does() {
    let recording = recording();
    let graphs: Vec<Graph> =
        recording["graphs"].as_array().unwrap().iter().map(|it| graph(&it["revisions"])).collect();
    for (graph, recorded) in graphs.iter().zip(recording["graphs"].as_array().unwrap()) {
        compare_facts(graph, &recorded["facts"]);
    }
    let cases = recording["cases"].as_array().unwrap();
    let mut wanted: BTreeMap<Wanted, usize> = BTreeMap::new();
    let mut faults = Vec::new();
    for case in cases {
        let graph = &graphs[usize::try_from(case["graph"].as_u64().unwrap()).unwrap()];
        let (ours, error) = match run(graph, case) {
            Ok(outcome) => (outcome, None),
            Err(error) => (Outcome::Refused, Some(error)),
        };
        let theirs = recorded(graph, case);
        if ours == theirs {
            continue;
        }
        match difference(graph, case, error.as_ref(), &ours) {
            Some(reason) => *wanted.entry(reason).or_default() += 1,
            None => faults.push(format!("{case}\n  ours {ours:?} {error:?}\n  theirs {theirs:?}")),
        }
    }
    assert!(cases.len() >= 300, "only {} cases", cases.len());
    let count = faults.len();
    faults.truncate(20);
    assert!(faults.is_empty(), "{count} of {} differ:\n{}", cases.len(), faults.join("\n"));
    let mut out = std::io::stderr();
    writeln!(out, "{} cases agree, but for {wanted:?}", cases.len()).unwrap();
}

#[expect(clippy::disallowed_methods, reason = "a test has no configuration")]
fn recording() -> Value {
    let default = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/alembic/cases.json");
    let path = std::env::var("LIMBECK_ALEMBIC_CASES").map_or(default, PathBuf::from);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect()
}

fn graph(revisions: &Value) -> Graph {
    let revision = |it: &Value| Revision {
        header: Header {
            message: "".into(),
            revision: RevisionId::parse(it["id"].as_str().unwrap()).unwrap(),
            revises: strings(&it["parents"])
                .iter()
                .map(|id| RevisionId::parse(id).unwrap())
                .collect(),
            create_date: String::new(),
            extras: Extras::from(ExtraKeys {
                branch_labels: strings(&it["labels"]),
                depends_on: strings(&it["depends_on"]),
                ..ExtraKeys::default()
            }),
        },
        checksum: Checksum::of(""),
        source: Source::Files(ScriptPair::new(Arc::new(Folder::named("")), "")),
    };
    Graph::new(revisions.as_array().unwrap().iter().map(revision).collect()).unwrap()
}

fn names(graph: &Graph, nodes: impl IntoIterator<Item = Node>) -> Vec<String> {
    nodes.into_iter().map(|node| graph.id(node).to_string()).collect()
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names
}

fn compare_facts(graph: &Graph, facts: &Value) {
    let points = |is: fn(&Graph, Node) -> bool| {
        sorted(names(graph, graph.nodes().filter(|node| is(graph, *node))))
    };
    assert_eq!(names(graph, graph.heads(Follow::Parents)), strings(&facts["heads"]));
    assert_eq!(
        names(graph, graph.heads(Follow::ParentsAndDependencies)),
        strings(&facts["real_heads"])
    );
    assert_eq!(names(graph, graph.bases()), strings(&facts["bases"]));
    assert_eq!(points(Graph::is_branch_point), sorted(strings(&facts["branch_points"])));
    assert_eq!(points(Graph::is_merge_point), sorted(strings(&facts["merge_points"])));
    for node in graph.nodes() {
        let labels: Vec<String> = graph.labels(node).map(str::to_owned).collect();
        assert_eq!(labels, strings(&facts["labels"][graph.id(node).as_str()]));
    }
}

/// What Alembic made of a case.
fn recorded(graph: &Graph, case: &Value) -> Outcome {
    let outcome = &case["outcome"];
    let ok = &outcome["ok"];
    match case["command"].as_str().unwrap() {
        "upgrade" | "downgrade" if ok.is_object() => {
            Outcome::Steps(strings(&ok["steps"]), tips(graph, &ok["rows"]))
        }
        "stamp" if ok.is_object() => Outcome::Rows(sorted(strings(&ok["rows"]))),
        "history" | "resolve" if ok.is_object() => Outcome::Revisions(strings(&ok["revisions"])),
        "revision" | "merge" if ok.is_object() => Outcome::Revisions(strings(&ok["parents"])),
        _ => Outcome::Refused,
    }
}

fn nodes(graph: &Graph, ids: &[String]) -> Vec<Node> {
    ids.iter().map(|id| graph.find(id).unwrap()).collect()
}

/// The heads of all that some rows stand for.
fn tips(graph: &Graph, rows: &Value) -> Vec<String> {
    let rows = nodes(graph, &strings(rows));
    sorted(names(graph, State::of_heads(graph, &rows).heads))
}

/// What we make of a case.
fn run(graph: &Graph, case: &Value) -> Result<Outcome, PlanError> {
    let rows = nodes(graph, &strings(&case["rows"]));
    let mut arguments = strings(&case["arguments"]);
    let mut flag = |name: &str| {
        let before = arguments.len();
        arguments.retain(|it| it != name);
        arguments.len() < before
    };
    let splice = if flag("--splice") { Splice::Allow } else { Splice::Refuse };
    let state = State::of_heads(graph, if flag("--purge") { &[] } else { &rows });
    flag("--head");
    let mut targets: Vec<Target> = arguments.iter().map(|it| Target::parse(it)).collect();
    if targets.is_empty() {
        targets.push(Target::name("head"));
    }
    let outcome = match case["command"].as_str().unwrap() {
        "upgrade" => {
            let plan = plan::upgrade(graph, &state, &targets[0])?;
            let mut applied = state.applied.clone();
            applied.extend(plan.nodes());
            steps(graph, &plan, applied)
        }
        "downgrade" => {
            let plan = plan::downgrade(graph, &state, &targets[0])?;
            let mut applied = state.applied.clone();
            applied.subtract(&NodeSet::of(graph.len(), &plan.nodes()));
            steps(graph, &plan, applied)
        }
        "stamp" => {
            let stamp = plan::stamp(graph, &state, &targets)?;
            Outcome::Rows(sorted(names(graph, stamp.state.heads)))
        }
        "history" => {
            let ends = plan::parse_range(&arguments[0])?;
            Outcome::Revisions(names(graph, plan::range(graph, &state.heads, &ends)?))
        }
        "resolve" => Outcome::Revisions(names(graph, plan::find(graph, &targets[0])?)),
        "merge" => {
            Outcome::Revisions(names(graph, plan::parents_of_merge(graph, &targets, splice)?))
        }
        _ => Outcome::Revisions(names(graph, plan::parents_of_new(graph, &targets, splice)?)),
    };
    Ok(outcome)
}

fn steps(graph: &Graph, plan: &plan::Plan, applied: NodeSet) -> Outcome {
    let heads = names(graph, State::new(graph, applied).heads);
    Outcome::Steps(names(graph, plan.nodes()), sorted(heads))
}

/// Names the reason for which we differ, if it is one that we chose.
fn difference(
    graph: &Graph,
    case: &Value,
    error: Option<&PlanError>,
    ours: &Outcome,
) -> Option<Wanted> {
    let command = case["command"].as_str().unwrap();
    let outcome = &case["outcome"];
    let arguments = strings(&case["arguments"]);
    match error {
        Some(PlanError::PartialLabel { .. }) => return Some(Wanted::PartialLabel),
        Some(PlanError::SeveralCurrent { .. }) if command == "downgrade" => {
            return Some(Wanted::SeveralCurrent);
        }
        Some(PlanError::NoSuchBranch { .. }) => return Some(Wanted::UnknownBranch),
        Some(PlanError::OffBranch { .. }) if command == "downgrade" => {
            return Some(Wanted::OffBranch);
        }
        Some(PlanError::Ambiguous { name, .. })
            if arguments.iter().any(|it| it.starts_with(&format!("{name}@"))) =>
        {
            return Some(Wanted::UnknownBranch);
        }
        Some(PlanError::BesideBranch { .. }) if command == "downgrade" => {
            return Some(Wanted::BesideBranch);
        }
        Some(PlanError::NothingToMerge { .. }) if command == "merge" => {
            return Some(Wanted::NothingToMerge);
        }
        Some(PlanError::WalkedTooFar { .. }) if command == "revision" => {
            return Some(Wanted::Relative);
        }
        _ => {}
    }
    if matches!(command, "stamp" | "resolve") && arguments.iter().any(|it| is_relative(it)) {
        return Some(Wanted::Relative);
    }
    if let ("stamp", Outcome::Rows(rows)) = (command, ours)
        && arguments.len() + usize::from(arguments[0] == "heads") > 1
        && (outcome["crash"].is_string() || {
            let applied = State::of_heads(graph, &nodes(graph, rows)).applied;
            nodes(graph, &strings(&outcome["ok"]["rows"])).iter().all(|row| applied.contains(*row))
        })
    {
        return Some(Wanted::SeveralTargets);
    }
    if let (Outcome::Steps(steps, _), true) = (ours, outcome["steps"].is_array()) {
        return (*steps == strings(&outcome["steps"])).then_some(Wanted::HalfWay);
    }
    (outcome["ok"]["abnormal"] == true).then_some(Wanted::Overlapping)
}

fn is_relative(argument: &str) -> bool {
    Target::parse(argument).offset.is_some()
}
