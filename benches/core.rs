//! What a run costs apart from files and databases: graphs, plans, splitting, checksums, diffs.
#![expect(clippy::unwrap_used, reason = "what can't be prepared can't be measured")]

use std::fmt::Write as _;
use std::hint::black_box;
use std::sync::Arc;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use limbeck::catalog::Kind;
use limbeck::plan::{self, State, Target};
use limbeck::revision::{Checksum, Folder, Graph, Header, NodeSet, Revision, ScriptPair, Source};
use limbeck::sql::{Dialect, Lexer, Splitter};
use limbeck::sqlite::{Kept, Schema, diff};

const SIZES: [usize; 2] = [1_000, 10_000];

fn main() {
    divan::main();
}

/// A line of revisions.
fn line(count: usize) -> Vec<Revision> {
    let revision = |number: usize| {
        let before = number.checked_sub(1).map(|it| format!("r{it}")).unwrap_or_default();
        let head = format!("-- make {number}\n-- Revision ID: r{number}\n-- Revises: {before}\n");
        Revision {
            header: Header::parse(&head).unwrap().header,
            checksum: Checksum::of(""),
            source: Source::Files(ScriptPair::new(Arc::new(Folder::named("")), "")),
        }
    };
    (0..count).map(revision).collect()
}

fn script(bytes: usize) -> String {
    let mut res = String::new();
    for number in 0.. {
        if res.len() >= bytes {
            break;
        }
        writeln!(
            res,
            "INSERT INTO t (id, name) VALUES ({number}, 'it''s number {number}; -- no');"
        )
        .unwrap();
    }
    res
}

#[divan::bench(args = SIZES)]
fn graph_of_a_line(bencher: Bencher<'_, '_>, count: usize) {
    let revisions = line(count);
    bencher
        .counter(ItemsCount::new(count))
        .with_inputs(|| revisions.clone())
        .bench_values(|revisions| Graph::new(revisions).unwrap());
}

#[divan::bench(args = SIZES)]
fn plan_from_nothing_to_head(bencher: Bencher<'_, '_>, count: usize) {
    let graph = Graph::new(line(count)).unwrap();
    let nothing = State::new(&graph, NodeSet::new(graph.len()));
    let head = Target::parse("head");
    bencher
        .counter(ItemsCount::new(count))
        .bench(|| plan::upgrade(&graph, black_box(&nothing), &head).unwrap());
}

#[divan::bench(args = SIZES)]
fn plan_from_head_to_base(bencher: Bencher<'_, '_>, count: usize) {
    let graph = Graph::new(line(count)).unwrap();
    let nodes: Vec<_> = graph.nodes().collect();
    let all = State::new(&graph, NodeSet::of(graph.len(), &nodes));
    let base = Target::parse("base");
    bencher
        .counter(ItemsCount::new(count))
        .bench(|| plan::downgrade(&graph, black_box(&all), &base).unwrap());
}

#[divan::bench(args = [Dialect::Sqlite, Dialect::Postgres, Dialect::MySql])]
fn lexer(bencher: Bencher<'_, '_>, dialect: Dialect) {
    let text = script(1 << 20);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| Lexer::new(black_box(&text), dialect).flatten().count());
}

#[divan::bench(args = [Dialect::Sqlite, Dialect::Postgres, Dialect::MySql])]
fn splitter(bencher: Bencher<'_, '_>, dialect: Dialect) {
    let text = script(1 << 20);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| Splitter::new(black_box(&text), dialect).flatten().count());
}

#[divan::bench]
fn checksum(bencher: Bencher<'_, '_>) {
    let text = script(1 << 20);
    bencher.counter(BytesCount::of_str(&text)).bench(|| Checksum::of(black_box(&text)));
}

#[divan::bench]
fn header(bencher: Bencher<'_, '_>) {
    let head = "-- make accounts\n--\n-- Revision ID: 1975ea83b712\n-- Revises: ae1027a6acf0\n\
                -- Create Date: 2026-01-01T00:00:00Z\n\nSELECT 1;\n";
    bencher.bench(|| Header::parse(black_box(head)).unwrap());
}

/// Schemas of so many tables, of which every tenth has one column more.
#[divan::bench(args = SIZES)]
fn diff_of_schemas(bencher: Bencher<'_, '_>, count: usize) {
    let schema = |more: &str| {
        let table = |number| {
            let (name, more) = (format!("t{number}"), if number % 10 == 0 { more } else { "" });
            let sql = format!("CREATE TABLE {name} (id INTEGER PRIMARY KEY, name TEXT{more})");
            (name, sql)
        };
        let tables: Vec<(String, String)> = (0..count).map(table).collect();
        let kept =
            tables.iter().map(|(name, sql)| Kept { kind: Kind::Table, name, table: name, sql });
        Schema::read(&kept.collect::<Vec<_>>()).unwrap().catalog
    };
    let (from, to) = (schema(""), schema(", email TEXT NOT NULL DEFAULT ''"));
    bencher.counter(ItemsCount::new(count)).bench(|| diff(black_box(&from), black_box(&to)));
}
