//! The texts of drawings, and that names can't be more than names.

use super::*;
use crate::diagram::outline::Column;

/// Reads tables from `users id* name!; posts id* user_id!>users.id`: `*` is the key, `!` not null, `+`
/// unique.
fn outline(text: &str) -> Outline {
    let table = |text: &str| {
        let mut words = text.split_whitespace();
        let mut res = Table { name: words.next().unwrap().to_owned(), ..Table::default() };
        for word in words {
            let (column, target) = word.split_once('>').unwrap_or((word, ""));
            let name = column.trim_end_matches(['*', '!', '+']).to_owned();
            if column.contains('*') {
                res.primary_key.push(name.clone());
            }
            if column.contains('+') {
                res.uniques.push(vec![name.clone()]);
            }
            if let Some((table, there)) = target.split_once('.') {
                res.foreign_keys.push(ForeignKey {
                    columns: vec![name.clone()],
                    table: table.to_owned(),
                    target: vec![there.to_owned()],
                    on_delete: Some("CASCADE".to_owned()),
                    on_update: None,
                });
            }
            let not_null = column.contains('!');
            res.columns.push(Column { name, type_name: "int".to_owned(), not_null });
        }
        res
    };
    Outline { tables: text.split(';').map(|it| table(it.trim())).collect() }
}

#[test]
fn the_ends_of_lines_tell_how_many_rows_meet() {
    let outline = outline("a id*; b a!>a.id; c a>a.id; d a+>a.id; e a*>a.id");
    let text = mermaid(&outline);
    for line in ["a ||--o{ b", "a |o--o{ c", "a |o--o| d", "a ||--o| e"] {
        assert!(text.contains(line), "{line}: {text}");
    }
    let text = dot(&outline);
    for line in [
        "t0:e0:e -> t1:w0:w [arrowtail=teetee, arrowhead=crowodot",
        "t0:e0:e -> t2:w0:w [arrowtail=teeodot, arrowhead=crowodot",
        "t0:e0:e -> t4:w0:w [arrowtail=teetee, arrowhead=teeodot",
        "edgetooltip=\"b.a → a (id), on delete cascade\"",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
}

#[test]
fn what_is_not_drawn_has_no_line() {
    let outline = outline("a id* b>nowhere.id");
    let (mermaid, dot, svg) = (mermaid(&outline), dot(&outline), svg(&outline));
    assert!(!mermaid.contains("--") && !dot.contains("->") && !svg.contains("class=\"line "));
}

#[test]
fn names_of_mermaid_are_words_and_differ() {
    let mut outline = outline("a_ x; a! y; a y; one y; ü y; q z");
    for (table, name) in
        outline.tables.iter_mut().zip(["a_", "a!", "a", "one", "ü \"x\" [y] #<", "a?"])
    {
        table.name = name.to_owned();
    }
    let text = mermaid(&outline);
    let heads: Vec<&str> = text.lines().filter_map(|it| it.trim().strip_suffix(" {")).collect();
    assert_eq!(
        heads,
        [
            "a_",
            "a__[\"a!\"]",
            "a",
            "one_[\"one\"]",
            "x_x_y_[\"ü #quot;x#quot; [y] #35;#lt;\"]",
            "a___[\"a?\"]"
        ]
    );
}

#[test]
fn words_of_mermaid_are_given_an_underline() {
    let text = mermaid(&outline("End pk; a Title"));
    assert!(text.contains("End_[\"End\"] {") && text.contains("int pk_ \"pk\""), "{text}");
    assert!(text.contains("int Title\n"), "{text}");
}

#[test]
fn nothing_ends_a_text_of_ours() {
    let mut outline = outline("t a*; u b>t.a");
    let bad = "\"]}\n%%{init}%%</title></style></script>--><x y='z'>\\\0";
    outline.tables[0].name = bad.to_owned();
    outline.tables[0].columns[0].type_name = bad.to_owned();
    outline.tables[1].columns[0].name = bad.to_owned();
    outline.tables[1].foreign_keys[0].columns = vec![bad.to_owned()];
    outline.tables[1].foreign_keys[0].table = bad.to_owned();
    let revision = Revision {
        id: "a1".into(),
        message: bad.into(),
        labels: vec![bad.into()],
        ..Revision::default()
    };
    let page = page(&outline, &[revision], "", bad);
    for (text, expected) in [(page.as_str(), 1), (&svg(&outline), 0)] {
        for tag in ["</script", "</style", "</title", "<x"] {
            let count = text.matches(tag).count();
            let own = match tag {
                "</script" => expected,
                "</style" => 1,
                // Of the page or the picture, of two tables and of a line.
                "</title" => 4,
                _ => 0,
            };
            assert_eq!(count, own, "{tag}");
        }
    }
    let text = mermaid(&outline);
    assert!(!text.contains("%%") && text.lines().count() == 8, "{text}");
    let text = dot(&outline);
    assert!(!text.contains("<x") && text.matches("->").count() == 1, "{text}");
}

#[test]
fn a_picture_says_what_it_is() {
    let text = svg(&outline("a id*"));
    assert!(text.contains("<title>Entity-relationship diagram, 1 table</title>"), "{text}");
    assert!(text.contains("prefers-color-scheme: dark"));
}
