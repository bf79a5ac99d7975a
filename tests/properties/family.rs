//! Random graphs, and what follows from how they were drawn.

use std::collections::BTreeSet;
use std::sync::Arc;

use limbeck::plan::{Plan, State, Target};
use limbeck::revision::{
    Checksum, ExtraKeys, Extras, Folder, Graph, Header, Node, NodeSet, Revision, RevisionId,
    ScriptPair, Source,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// The largest graph: one bit of a word a revision.
pub(crate) const MOST: usize = 30;

/// What ids begin with: some begin like others, some are too short to be found by a beginning.
const BEGINNINGS: &[&str] = &["a", "ab", "abcd", "abcd1", "f00d", "1.0", "übung"];

/// A revision as it was drawn; it is named by its number, and builds on lower ones alone.
#[derive(Debug, Clone)]
pub(crate) struct Drawn {
    pub(crate) id: String,
    pub(crate) label: Option<String>,
    pub(crate) parents: Vec<usize>,
    pub(crate) dependencies: Vec<usize>,
    /// Whether dependencies are named by label where there is one.
    by_label: bool,
    /// Where the file stands among the others.
    pub(crate) key: u16,
}

/// Draws a graph of lines, forks, merges, several bases, labels and dependencies.
pub(crate) fn drawn(most: usize) -> impl Strategy<Value = Vec<Drawn>> {
    // How far back: mostly the one before, so that lines come about.
    let back = || prop_oneof![5 => Just(0), 3 => 0..4_usize, 1 => 0..MOST];
    let some = move |count: usize| vec(back(), count);
    let parents = prop_oneof![2 => some(0), 9 => some(1), 3 => some(2), 1 => some(3)];
    let dependencies = prop_oneof![7 => some(0), 2 => some(1), 1 => some(2)];
    let labelled = prop::bool::weighted(0.2);
    let one = (select(BEGINNINGS), labelled, parents, dependencies, any::<bool>(), any::<u16>());
    let one = one.prop_map(|(beginning, labelled, parents, dependencies, by_label, key)| Drawn {
        id: beginning.to_owned(),
        label: labelled.then(|| "line".to_owned()),
        parents,
        dependencies,
        by_label,
        key,
    });
    vec(one, 0..=most).prop_map(|mut all| {
        all.iter_mut().enumerate().for_each(|(at, it)| it.place(at));
        all
    })
}

impl Drawn {
    /// Makes names unique, and numbers of how far back the others are.
    fn place(&mut self, at: usize) {
        self.id = format!("{}_{at}", self.id);
        self.label = self.label.as_ref().map(|label| format!("{label}_{at}"));
        for list in [&mut self.parents, &mut self.dependencies] {
            let unique: BTreeSet<usize> = list.iter().copied().filter(|it| *it < at).collect();
            *list = unique.into_iter().map(|it| at - 1 - it).collect();
        }
    }
}

/// The numbers of a set.
pub(crate) fn members(set: u32) -> impl DoubleEndedIterator<Item = usize> {
    (0..MOST).filter(move |at| set & (1 << at) != 0)
}

/// A graph, and what follows from how it was drawn.
pub(crate) struct Family {
    pub(crate) graph: Graph,
    /// By number.
    pub(crate) nodes: Vec<Node>,
    /// Each with all that it needs.
    pub(crate) below: Vec<u32>,
    /// Each with all that needs it.
    pub(crate) above: Vec<u32>,
    /// What builds on each.
    pub(crate) children: Vec<u32>,
    pub(crate) all: u32,
}

impl Family {
    pub(crate) fn new(drawn: &[Drawn]) -> Self {
        let mut order: Vec<&Drawn> = drawn.iter().collect();
        order.sort_by_key(|it| it.key);
        let graph = Graph::new(order.iter().map(|it| revision(drawn, it)).collect()).unwrap();
        let (mut below, mut children) = (vec![0; drawn.len()], vec![0; drawn.len()]);
        for (at, it) in drawn.iter().enumerate() {
            let needs = it.parents.iter().chain(&it.dependencies);
            below[at] = needs.fold(1 << at, |set, need| set | below[*need]);
            it.parents.iter().for_each(|parent| children[*parent] |= 1 << at);
        }
        let needs = |it: usize, at: usize| below[it] & (1 << at) != 0;
        let needing = |at| (0..drawn.len()).filter(|it| needs(*it, at)).map(|it| 1 << it).sum();
        let above = (0..drawn.len()).map(needing).collect();
        Self {
            nodes: drawn.iter().map(|it| graph.find(&it.id).unwrap()).collect(),
            all: (0..drawn.len()).map(|at| 1 << at).sum(),
            graph,
            below,
            above,
            children,
        }
    }

    /// Returns a set and all that it needs.
    pub(crate) fn closed(&self, set: u32) -> u32 {
        members(set & self.all).fold(0, |res, at| res | self.below[at])
    }

    /// Returns a set and all that needs it.
    pub(crate) fn upwards(&self, set: u32) -> u32 {
        members(set).fold(0, |res, at| res | self.above[at])
    }

    /// Returns what builds on a revision, and the line to it from where others branch off.
    pub(crate) fn branch(&self, drawn: &[Drawn], from: usize) -> u32 {
        let mut res = members(self.all).fold(1 << from, |res, at| {
            let is_on = drawn[at].parents.iter().any(|parent| res & (1 << parent) != 0);
            if is_on { res | 1 << at } else { res }
        });
        let mut at = from;
        while let [parent] = drawn[at].parents[..]
            && self.graph.dependents(self.nodes[parent]).len() == 1
        {
            res |= 1 << parent;
            at = parent;
        }
        res
    }

    /// Returns what nothing else of a set needs.
    pub(crate) fn maximal(&self, set: u32) -> u32 {
        members(set).filter(|at| self.above[*at] & set == 1 << at).map(|at| 1 << at).sum()
    }

    pub(crate) fn number(&self, node: Node) -> usize {
        self.nodes.iter().position(|it| *it == node).unwrap()
    }

    /// Returns the set of some nodes, each of which is there once.
    pub(crate) fn set(&self, nodes: impl IntoIterator<Item = Node>) -> u32 {
        nodes.into_iter().fold(0, |set, node| {
            let bit = 1 << self.number(node);
            assert_eq!(set & bit, 0, "{} is there twice", self.graph.id(node));
            set | bit
        })
    }

    pub(crate) fn state(&self, set: u32) -> State {
        let nodes: Vec<Node> = members(set & self.all).map(|at| self.nodes[at]).collect();
        State::new(&self.graph, NodeSet::of(self.graph.len(), &nodes))
    }

    pub(crate) fn id(&self, number: usize) -> Target {
        Target::name(self.graph.id(self.nodes[number]).as_str())
    }

    /// Applies an upgrade step by step.
    pub(crate) fn upgraded(&self, applied: u32, plan: &Plan) -> u32 {
        plan.nodes().into_iter().fold(applied, |applied, node| {
            let at = self.number(node);
            assert_eq!(applied & (1 << at), 0, "{} is applied already", self.graph.id(node));
            let missing = self.below[at] & !applied & !(1 << at);
            assert_eq!(missing, 0, "{} comes before what it needs", self.graph.id(node));
            applied | 1 << at
        })
    }

    /// Takes a downgrade's revisions away step by step.
    pub(crate) fn downgraded(&self, applied: u32, plan: &Plan) -> u32 {
        plan.nodes().into_iter().fold(applied, |applied, node| {
            let at = self.number(node);
            assert_ne!(applied & (1 << at), 0, "{} is not applied", self.graph.id(node));
            let needing = self.above[at] & applied & !(1 << at);
            assert_eq!(needing, 0, "{} goes before what needs it", self.graph.id(node));
            applied & !(1 << at)
        })
    }
}

fn revision(all: &[Drawn], drawn: &Drawn) -> Revision {
    Revision {
        header: header(all, drawn),
        checksum: Checksum::of(""),
        source: Source::Files(ScriptPair::new(Arc::new(Folder::named("")), "")),
    }
}

pub(crate) fn header(all: &[Drawn], drawn: &Drawn) -> Header {
    let dependency = |at: &usize| match &all[*at].label {
        Some(label) if drawn.by_label => label.clone(),
        _ => all[*at].id.clone(),
    };
    let id = |text: &str| RevisionId::parse(text).unwrap();
    Header {
        message: drawn.id.as_str().into(),
        revision: id(&drawn.id),
        revises: drawn.parents.iter().map(|at| id(&all[*at].id)).collect(),
        create_date: String::new(),
        extras: Extras::from(ExtraKeys {
            branch_labels: drawn.label.iter().cloned().collect(),
            depends_on: drawn.dependencies.iter().map(dependency).collect(),
            ..ExtraKeys::default()
        }),
    }
}

/// Draws a set of revisions, mostly of few.
pub(crate) fn subset() -> impl Strategy<Value = u32> {
    let few = (any::<u32>(), any::<u32>(), any::<u32>()).prop_map(|(a, b, c)| a & b & c);
    prop_oneof![2 => any::<u32>(), 6 => few, 1 => Just(0), 3 => (0..MOST).prop_map(|at| 1 << at)]
}
