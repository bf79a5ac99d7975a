//! The graph as a picture: in a terminal, piped, and in the formats of other programs.

use insta::assert_snapshot;
use terminal::Terminal;

use crate::support::Sandbox;

/// Forty revisions on five branches, with merges, dependencies, and three heads.
const LARGE: &str = "m01; m02<m01; m03<m02; m04<m03; a05<m04 auth; a06<a05; a07<a06; b08<m04 billing; \
    b09<b08; b10<b09 +a06; m11<m04; m12<m11; s13<m12 search; s14<s13; m15<m12,a07; \
    m16<m15; b17<b10; b18<b17; r19<m16 reports; r20<r19; r21<r20 +b17; s22<s14; \
    s23<s22; m24<m16,s23; m25<m24; b26<b18; b27<b26,m25; b28<b27; r29<r21; r30<r29; \
    m31<m25; m32<m31; x33 audit; x34<x33; x35<x34 +m31; m36<m32,r30; m37<m36,b28,x35; \
    m38<m37; r39<r30; x40<x35";

const SMALL: &str = "a1; b1<a1 west; c1<a1 east; m1<b1,c1; d1<m1 +x1; x1";

/// Draws the graph in a terminal; what is drawn last has to be told.
fn drawn(sandbox: &Sandbox, size: (u16, u16), words: &[&str], last: &str) -> Option<Terminal> {
    let command: Vec<&str> =
        [&[env!("CARGO_BIN_EXE_migrate"), "history", "--graph"], words].concat();
    let terminal = Terminal::start(size.0, size.1, &sandbox.path(""), &[], &command)?;
    terminal.wait_for(last);
    Some(terminal)
}

/// Puts the name of a color for the escape that begins it.
fn named(screen: &str) -> String {
    let names = ["", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];
    let mut res = screen.replace("\u{1b}[39m", "</>").replace("\u{1b}[94m", "<BLUE>");
    for (at, name) in names.iter().enumerate().skip(1) {
        res = res.replace(&format!("\u{1b}[3{at}m"), &format!("<{name}>"));
    }
    res
}

#[test]
fn forty_revisions_on_five_branches_are_drawn_as_lanes() {
    let sandbox = Sandbox::with(LARGE);
    sandbox.done("upgrade m25");
    let Some(terminal) = drawn(&sandbox, (72, 64), &["-i"], "make m01") else { return };
    assert_snapshot!("forty_revisions_on_five_branches", terminal.screen());
}

#[test]
fn each_lane_has_a_color_of_its_own() {
    let sandbox = Sandbox::with(SMALL);
    let Some(terminal) = drawn(&sandbox, (60, 12), &[], "make a1") else { return };
    assert_snapshot!(named(&terminal.screen_with_colors()), @"
    <cyan>◆</>     <yellow>d1<cyan> (east, west)<green> (head)</>, make d1
    <cyan>├<magenta>╌╮
    <cyan>◆ <magenta>╎</>   <yellow>m1</> (mergepoint), make m1
    <cyan>├<green>─<magenta>╎<green>─╮
    <cyan>◆ <magenta>╎ <green>│</> <yellow>b1<cyan> (west)</>, make b1
    <cyan>│ <magenta>╎ <green>◆</> <yellow>c1<cyan> (east)</>, make c1
    <cyan>├<green>─<magenta>╎<green>─╯
    <cyan>│ <magenta>◆</>   <yellow>x1</> (effective head), make x1
    <cyan>◆</>     <yellow>a1</> (branchpoint), make a1
    ");
}

#[test]
fn a_terminal_cuts_what_does_not_fit_and_a_pipe_does_not() {
    let mut sandbox = Sandbox::with("a1; b1<a1");
    let long = "メッセージ that goes on and on until it has been said";
    sandbox.replace("versions/b1.up.sql", "make b1", long);
    let Some(terminal) = drawn(&sandbox, (32, 6), &[], "make a1") else { return };
    assert_snapshot!(terminal.screen(), @"
    ◆ b1 (head), メッセージ that go…
    ◆ a1, make a1
    ");
    sandbox.set("LANG", "C.UTF-8");
    let piped = sandbox.run("history --graph").stdout;
    assert!(piped.lines().next().unwrap().ends_with("it has been said"), "{piped}");
}

#[test]
fn without_unicode_the_lanes_are_ascii() {
    let sandbox = Sandbox::with(SMALL);
    sandbox.done("upgrade m1");
    let plain = sandbox.run("history --graph -i").stdout;
    assert!(plain.is_ascii(), "{plain}");
    assert_snapshot!(plain, @"
    o     d1 (east, west) (head), make d1
    +..
    @ :   m1 (current) (mergepoint), make m1
    +-:-.
    @ : | b1 (west), make b1
    | : @ c1 (east), make c1
    +-:-'
    | o   x1 (effective head), make x1
    @     a1 (branchpoint), make a1
    ");
}

#[test]
fn all_about_a_revision_stands_beside_its_lane() {
    let mut sandbox = Sandbox::with("a1; b1<a1 west; c1<a1");
    sandbox.set("LANG", "C.UTF-8");
    assert_snapshot!(sandbox.migrate("history --graph -v"), @"
    exit 0
    --- stdout
    ◆   Rev: b1 (head)
    │   Parent: a1
    │   Branch names: west
    │   Path: versions/b1.up.sql
    │   Down: versions/b1.down.sql
    │
    │       make b1
    │
    │       Revision ID: b1
    │       Revises: a1
    │       Create Date: 2026-01-01T00:00:00Z
    │       Branch Labels: west
    │
    │ ◆ Rev: c1 (head)
    ├─╯ Parent: a1
    │   Path: versions/c1.up.sql
    │   Down: versions/c1.down.sql
    │
    │       make c1
    │
    │       Revision ID: c1
    │       Revises: a1
    │       Create Date: 2026-01-01T00:00:00Z
    │
    ◆   Rev: a1 (branchpoint)
        Parent: <base>
        Branches into: b1, c1
        Path: versions/a1.up.sql
        Down: versions/a1.down.sql

            make a1

            Revision ID: a1
            Revises:
            Create Date: 2026-01-01T00:00:00Z
    ");
}

#[test]
fn what_a_range_leaves_out_is_cut_off() {
    let mut sandbox = Sandbox::with(SMALL);
    sandbox.set("LANG", "C.UTF-8");
    assert_snapshot!(sandbox.migrate("history --graph -r b1:d1"), @"
    exit 0
    --- stdout
    ◆   d1 (east, west) (head), make d1
    ◆   m1 (mergepoint), make m1
    ├─╮
    │ ~
    ◆   b1 (west), make b1
    ~
    ");
    sandbox.done("upgrade b1");
    assert_snapshot!(sandbox.migrate("history --graph -r b1:current"), @"
    exit 0
    --- stdout
    ● b1 (west), make b1
    ~
    ");
}

#[test]
fn a_base_does_not_touch_what_it_has_nothing_to_do_with() {
    let mut sandbox = Sandbox::with("a1; b1<a1; x1; y1<x1");
    sandbox.set("LANG", "C.UTF-8");
    assert_snapshot!(sandbox.migrate("history --graph"), @"
    exit 0
    --- stdout
    ◆ b1 (head), make b1
    ◆ a1, make a1

    ◆ y1 (head), make y1
    ◆ x1, make x1
    ");
}

#[test]
fn an_empty_project_has_an_empty_picture() {
    let sandbox = Sandbox::new();
    assert_eq!(sandbox.migrate("history --graph"), "exit 0\n");
    assert_eq!(sandbox.migrate("history --format mermaid"), "exit 0\n--- stdout\nflowchart BT\n");
    assert!(sandbox.run("history --format svg").stdout.contains("</svg>"));
}

#[test]
fn the_formats_of_other_programs_hold_names_labels_and_dependencies() {
    let sandbox = Sandbox::with(SMALL);
    sandbox.done("upgrade b1");
    sandbox.replace("versions/c1.up.sql", "make c1", "a \"quote\", a <tag> \\ and; #1 `x`");
    assert_snapshot!(sandbox.migrate("history -i --format mermaid"), @r#"
    exit 0
    --- stdout
    flowchart BT
      n0("<b>d1</b> (east, west)<br/>make d1"):::pending
      n1("<b>m1</b><br/>make m1"):::pending
      n2("<b>b1</b> (west)<br/>make b1"):::applied
      n3("<b>c1</b> (east)<br/>a #34;quote#34;, a #60;tag#62; #92; and#59; #35;1 #96;x#96;"):::pending
      n4("<b>x1</b><br/>make x1"):::pending
      n5("<b>a1</b><br/>make a1"):::applied
      n1 --> n0
      n4 -.-> n0
      n2 --> n1
      n3 --> n1
      n5 --> n2
      n5 --> n3
      classDef applied stroke:#2d8a4e,stroke-width:3px
      classDef pending stroke-dasharray:4 3
    "#);
    assert_snapshot!(sandbox.migrate("history -i --format dot"), @r##"
    exit 0
    --- stdout
    digraph migrate {
      rankdir=BT;
      node [shape=box, style="rounded,filled", fillcolor=white, fontname="sans-serif", fontsize=11];
      "d1" [label="d1 (east, west)\nmake d1", style="rounded,dashed"];
      "m1" [label="m1\nmake m1", style="rounded,dashed"];
      "b1" [label="b1 (west)\nmake b1", fillcolor="#d8f3dc"];
      "c1" [label="c1 (east)\na \"quote\", a <tag> \\ and; #1 `x`", style="rounded,dashed"];
      "x1" [label="x1\nmake x1", style="rounded,dashed"];
      "a1" [label="a1\nmake a1", fillcolor="#d8f3dc"];
      "m1" -> "d1";
      "x1" -> "d1" [style=dashed];
      "b1" -> "m1";
      "c1" -> "m1";
      "a1" -> "b1";
      "a1" -> "c1";
    }
    "##);
}

#[test]
fn the_svg_needs_nothing_and_takes_no_text_for_markup() {
    let sandbox = Sandbox::with(SMALL);
    sandbox.replace("versions/c1.up.sql", "make c1", "<script>alert(\"&\")</script>");
    let svg = sandbox.run("history --format svg").stdout;
    assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""), "{svg}");
    assert!(svg.contains("prefers-color-scheme:dark"), "{svg}");
    assert!(svg.contains("&lt;script&gt;alert(&quot;&amp;&quot;)&lt;/script&gt;"), "{svg}");
    assert!(!svg.contains("<script") && !svg.contains("href"), "{svg}");
    assert_eq!(svg.matches("<circle").count(), 6);
    assert!(svg.contains(" dashed\""), "{svg}");
    assert_eq!(sandbox.run("--quiet history --format svg").stdout, svg);
}

#[test]
fn a_format_takes_no_other_form() {
    let sandbox = Sandbox::with(SMALL);
    for also in ["--graph", "-v", "--json"] {
        assert_eq!(sandbox.run(&format!("history --format dot {also}")).code, 2, "{also}");
    }
    assert_eq!(sandbox.json("history --graph"), sandbox.json("history"));
}
