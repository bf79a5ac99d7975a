//! Tests of the plan as a whole: orders, circles, and objects that are made anew.

use super::*;
use crate::autogenerate::Renames;
use crate::catalog::{Attribute, Object, TYPE, Value};
use crate::inspect::postgres::attributes::{
    ATTRIBUTES, DEFINITION, LABELS, PARTITION_KEY, POPULATED, STORAGE,
};

fn name(text: &str) -> Name {
    Name::exact(text)
}

fn table(text: &str) -> Id {
    Id::table(&name(text))
}

/// A catalog that grows by the line.
#[derive(Default)]
struct Made(Catalog);

impl Made {
    fn add(&mut self, id: &Id, says: &[(Attribute, &str)], needs: &[Id]) -> &mut Object {
        let mut object = Object { place: self.0.objects.len(), ..Object::new(id.clone()) };
        object.needs.extend(needs.iter().cloned());
        if id.kind.is_part() {
            object.parent = id.owner.as_ref().map(Id::table);
            object.needs.extend(object.parent.clone());
        }
        for (attribute, text) in says {
            object.set(attribute, Value::exact(*text));
        }
        self.0.insert(object);
        self.0.objects.get_mut(id).unwrap()
    }

    /// Adds a table with columns, each with its type.
    fn table(&mut self, of: &str, columns: &[(&str, &str)]) {
        self.add(&table(of), &[], &[]);
        for (column, type_name) in columns {
            self.add(&Id::column(&name(of), &name(column)), &[(TYPE, type_name)], &[]);
        }
    }

    fn constraint(&mut self, kind: Kind, of: &str, own: &str, definition: &str, needs: &[Id]) {
        self.add(&Id::part(kind, &name(of), &name(own)), &[(DEFINITION, definition)], needs);
    }

    fn view(&mut self, kind: Kind, own: &str, query: &str, needs: &[Id]) -> &mut Object {
        self.add(&Id::new(kind, &name(own)), &[(DEFINITION, query)], needs)
    }
}

fn column(of: &str, own: &str) -> Id {
    Id::column(&name(of), &name(own))
}

fn planned(from: &Made, to: &Made, effort: Effort) -> Result<Plan, AutogenerateError> {
    let (renames, backfills) = (Renames::default(), Backfills::new());
    let way = Transition { from: &from.0, to: &to.0, renames: &renames };
    let how = How { version: SqliteVersion::default(), backfills: &backfills, effort };
    plan(&way, &from.0, &how)
}

#[track_caller]
fn titles(from: &Made, to: &Made, expected: &[&str]) {
    let plan = planned(from, to, Effort::Small).unwrap();
    let titles: Vec<&str> = plan.steps.iter().map(|it| it.title.as_str()).collect();
    assert_eq!(titles, expected);
}

fn made(build: impl Fn(&mut Made)) -> Made {
    let mut res = Made::default();
    build(&mut res);
    res
}

#[test]
fn tables_that_refer_to_each_other_are_made_before_one_of_their_keys() {
    let to = made(|it| {
        for (own, other) in [("a", "b"), ("b", "a")] {
            it.table(own, &[("id", "integer")]);
            it.constraint(Kind::PrimaryKey, own, "key", "PRIMARY KEY (id)", &[column(own, "id")]);
            let target = Id::part(Kind::PrimaryKey, &name(other), &name("key"));
            let needs = [column(own, "id"), column(other, "id"), table(other), target];
            let definition = format!("FOREIGN KEY (id) REFERENCES public.{other}(id)");
            it.constraint(Kind::ForeignKey, own, "to", &definition, &needs);
        }
    });
    let expected = ["Create table b", "Create table a", "Add constraint to to b"];
    titles(&Made::default(), &to, &expected);
    let plan = planned(&Made::default(), &to, Effort::Small).unwrap();
    let sql: Vec<String> = plan.steps.iter().map(Step::sql).collect();
    assert!(sql[1].contains("FOREIGN KEY (id) REFERENCES public.b(id)"), "{sql:?}");
    // Nor does a circle of keys hold up what goes.
    titles(
        &to,
        &Made::default(),
        &["Drop constraint to of a", "Drop constraint to of b", "Drop table a", "Drop table b"],
    );
}

#[test]
fn what_hangs_on_a_column_makes_way_for_its_type() {
    let with = |type_name: &str| {
        made(|it| {
            it.table("t", &[("a", type_name), ("b", "text")]);
            it.constraint(Kind::Check, "t", "c", "CHECK ((a > 0))", &[column("t", "a")]);
            it.view(Kind::View, "v", "SELECT t.a FROM t", &[column("t", "a")]);
            let above = Id::new(Kind::View, &name("v"));
            it.view(Kind::MaterializedView, "m", "SELECT v.a FROM v", &[above])
                .aside
                .insert(POPULATED, "yes".to_owned());
            it.view(Kind::View, "other", "SELECT t.b FROM t", &[column("t", "b")]);
        })
    };
    let expected = [
        "Drop materialized view m: it comes back below",
        "Drop view v: it comes back below",
        "Change column t.a: type integer becomes bigint",
        "Put view v back",
        "Put materialized view m back",
        "Fill materialized view m",
    ];
    titles(&with("integer"), &with("bigint"), &expected);
    titles(&with("integer"), &with("integer"), &[]);
}

#[test]
fn a_view_is_replaced_if_its_columns_stay_the_first() {
    let with = |columns: &[&str]| {
        made(|it| {
            it.table("t", &[("a", "integer"), ("b", "integer")]);
            let view = it.view(Kind::View, "v", &columns.join(", "), &[column("t", "a")]);
            view.set(ATTRIBUTES, Value::exact(columns.join(", ")).with_list(columns));
        })
    };
    let (one, two) = (with(&["a\tinteger"]), with(&["a\tinteger", "b\tinteger"]));
    titles(&one, &two, &["Change view v: column b comes"]);
    titles(&two, &one, &["Drop view v: it is made anew below", "Create view v"]);
}

#[test]
fn a_value_is_added_or_the_enum_is_swapped() {
    let with = |labels: &[&str]| {
        made(|it| {
            let id = Id::new(Kind::Enum, &name("mood"));
            let list = Value::exact(labels.join(", ")).with_list(labels);
            it.add(&id, &[], &[]).set(LABELS, list);
            it.table("t", &[]);
            it.add(&column("t", "m"), &[(TYPE, "public.mood")], &[id]);
        })
    };
    let (few, more) = (with(&["sad", "glad"]), with(&["sad", "so", "glad"]));
    let sql = |from, to, effort| planned(from, to, effort).unwrap().steps[0].sql();
    let added = sql(&few, &more, Effort::Small);
    assert_eq!(added, "ALTER TYPE public.mood ADD VALUE 'so' BEFORE 'glad';");
    for (from, to, effort) in [(&few, &more, Effort::Tables), (&more, &few, Effort::Small)] {
        let swapped = sql(from, to, effort);
        let lines: Vec<&str> = swapped.lines().collect();
        assert_eq!(lines[0], "ALTER TYPE public.mood RENAME TO mood_old;");
        let column =
            "ALTER TABLE public.t ALTER COLUMN m TYPE public.mood USING m::text::public.mood;";
        assert_eq!(lines[2], column);
        assert_eq!(lines[3], "DROP TYPE public.mood_old;");
    }
    let told = planned(&more, &few, Effort::Small).unwrap().tightenings;
    let query = told[0].query.as_deref();
    assert_eq!(query, Some("SELECT * FROM public.t WHERE m::text IN ('so')"));
}

#[test]
fn what_has_no_rule_is_refused_by_name() {
    let with = |attribute: Attribute, text: &str| {
        made(|it| {
            it.table("t", &[]);
            it.add(&column("t", "a"), &[(TYPE, "text"), (attribute, text)], &[]);
        })
    };
    let (from, to) = (with("color", "red"), with("color", "blue"));
    let problem = planned(&from, &to, Effort::Small).unwrap_err().to_string();
    assert!(
        problem.starts_with("a change of `color` of column t.a can't be generated"),
        "{problem}"
    );
    assert!(planned(&with(STORAGE, "MAIN"), &with(STORAGE, "PLAIN"), Effort::Small).is_ok());
}

#[test]
fn a_table_made_anew_takes_what_hangs_on_its_columns_along() {
    let with = |key: &str| {
        made(|it| {
            it.table("t", &[("a", "integer")]);
            let own = it.0.objects.get_mut(&table("t")).unwrap();
            own.set(PARTITION_KEY, Value::exact(key));
            it.view(Kind::View, "v", "SELECT t.a FROM t", &[column("t", "a")]);
        })
    };
    let expected = [
        "Drop view v: it comes back below",
        "Drop table t: it is made anew below",
        "Create table t",
        "Put view v back",
    ];
    titles(&with("LIST (a)"), &with("RANGE (a)"), &expected);
}
