//! What the catalog of a PostgreSQL database is read as, for comparing schemas.

use std::fmt::Write as _;

use insta::assert_snapshot;
use limbeck::catalog::{Catalog, Id, Kind, Name, Object, diff};
use limbeck::database::Connection;
use limbeck::inspect::{Scope, read};
use limbeck::ledger::Ledger;
use limbeck::sql::Dialect;

use crate::Bench;

/// An object of every kind that can be generated.
const KINDS: &str = include_str!("kinds.sql");

/// Objects that only an administrator can make, most of them of kinds that can't be generated.
const OTHER: &str = include_str!("other.sql");

const SETTINGS: &str = "SELECT current_setting('search_path'), current_setting('TimeZone'), \
     current_setting('DateStyle'), current_setting('IntervalStyle'), \
     current_setting('bytea_output'), current_setting('quote_all_identifiers'), \
     current_setting('xmloption'), current_setting('jit'), \
     current_setting('transaction_isolation'), current_setting('transaction_read_only')";

/// Settings under which the server writes definitions in other ways.
const ODD: [&str; 6] = [
    "SET search_path = public, zoo",
    "SET TimeZone = 'Asia/Kolkata'",
    "SET DateStyle = 'German, DMY'",
    "SET IntervalStyle = 'iso_8601'",
    "SET bytea_output = 'escape'",
    "SET quote_all_identifiers = on",
];

fn database(sql: &str) -> Option<Bench> {
    let database = servers::postgres()?.database();
    database.pipe(sql, &["-v", "ON_ERROR_STOP=1"]);
    Some(Bench::on(database))
}

fn compared(connection: &mut dyn Connection) -> Catalog {
    read(connection, Scope::Compared(None)).unwrap()
}

fn id(id: &Id) -> String {
    let names = [&id.schema, &id.owner].into_iter().flatten().map(|it| format!("{it}."));
    format!("{} {}{}", id.kind, names.collect::<String>(), id.name)
}

/// Writes all that is known of an object.
fn told(object: &Object) -> String {
    let mut res = id(&object.id);
    for (name, value) in &object.attributes {
        let text = if value.list.is_empty() {
            value.written.replace('\n', "\n    | ")
        } else {
            format!("{:?}", value.list)
        };
        write!(res, "\n  {name}: {text}").unwrap();
    }
    for (name, value) in &object.aside {
        write!(res, "\n  ({name}: {value})").unwrap();
    }
    if let Some(parent) = &object.parent {
        write!(res, "\n  of {}", id(parent)).unwrap();
    }
    let needs: Vec<String> = object.needs.iter().map(id).collect();
    if !needs.is_empty() {
        write!(res, "\n  needs {}", needs.join(", ")).unwrap();
    }
    res
}

fn all(catalog: &Catalog) -> String {
    let objects: Vec<String> = catalog.objects.values().map(told).collect();
    objects.join("\n")
}

#[track_caller]
fn equal(one: &Catalog, other: &Catalog) {
    let deltas = diff(one, other);
    assert!(deltas.is_empty(), "{deltas:#?}");
    assert_eq!(all(one), all(other));
}

#[test]
fn objects_of_every_kind_are_read_with_all_that_they_are_and_need() {
    let Some(mut bench) = database(KINDS) else { return };
    let catalog = compared(&mut *bench.connection);
    assert_eq!(catalog.home, Some(Name::exact("public")));
    assert_snapshot!(all(&catalog));
}

#[test]
fn kinds_that_cannot_be_generated_are_known_and_needed() {
    let Some(mut bench) = database("") else { return };
    bench.database.execute_as_admin(OTHER);
    let catalog = compared(&mut *bench.connection);
    let is_other = |it: &&Object| {
        let names = ["watch", "near"];
        it.id.kind == Kind::Opaque || names.contains(&it.id.name.as_str())
    };
    let others: Vec<String> = catalog.objects.values().filter(is_other).map(told).collect();
    assert_snapshot!(others.join("\n"));
}

#[test]
fn loading_a_schema_twice_makes_equal_catalogs() {
    let (Some(mut one), Some(mut other)) = (database(KINDS), database(KINDS)) else { return };
    equal(&compared(&mut *one.connection), &compared(&mut *other.connection));
}

#[test]
fn settings_of_the_session_change_nothing_and_are_kept() {
    let Some(mut bench) = database(KINDS) else { return };
    let plain = compared(&mut *bench.connection);
    let mut odd = bench.other();
    for setting in ODD {
        odd.execute(setting).unwrap();
    }
    let before = odd.query(SETTINGS).unwrap();
    equal(&plain, &compared(&mut *odd));
    assert_eq!(odd.query(SETTINGS).unwrap(), before);
    assert!(!odd.in_transaction());
}

#[test]
fn an_open_transaction_is_read_as_it_stands_and_goes_on() {
    let Some(mut bench) = database(KINDS) else { return };
    let plain = compared(&mut *bench.connection);
    bench.execute("BEGIN").unwrap();
    bench.execute("SET LOCAL DateStyle = 'German'").unwrap();
    bench.execute("CREATE TABLE fresh (a integer)").unwrap();
    let before = bench.query(SETTINGS).unwrap();
    let within = compared(&mut *bench.connection);
    assert_eq!(bench.query(SETTINGS).unwrap(), before);
    assert!(bench.in_transaction());
    bench.execute("INSERT INTO fresh VALUES (1)").unwrap();
    let new: Vec<String> = diff(&plain, &within).iter().map(|delta| id(delta.id())).collect();
    assert_eq!(new, ["table fresh", "column fresh.a"]);
    bench.execute("COMMIT").unwrap();
    equal(&compared(&mut *bench.connection), &within);
}

#[test]
fn names_are_those_of_the_schema_in_which_the_session_works() {
    let Some(mut bench) = database(KINDS) else { return };
    bench.execute("SET search_path = zoo").unwrap();
    let catalog = compared(&mut *bench.connection);
    assert_eq!(catalog.home, Some(Name::exact("zoo")));
    let public = Some(Name::exact("public"));
    let owners = Name::exact("owners");
    let owner = Id { schema: public, ..Id::column(&owners, &Name::exact("id")) };
    let pets = Id::table(&Name::exact("Pets"));
    let key =
        Id { name: Name::exact("owned"), ..Id::part(Kind::ForeignKey, &pets.name, &pets.name) };
    assert!(catalog.get(&key).unwrap().needs.is_superset(&[owner, pets].into()));
    bench.execute("SET search_path = nowhere").unwrap();
    let catalog = compared(&mut *bench.connection);
    assert_eq!(catalog.home, None);
    assert!(catalog.of_kind(Kind::Table).all(|it| it.id.schema.is_some()));
}

#[test]
fn bookkeeping_tables_are_no_part_of_a_schema() {
    let Some(mut bench) = database("CREATE TABLE t (a integer)") else { return };
    let plain = compared(&mut *bench.connection);
    for name in ["public.kept", "books.kept"] {
        let ledger = Ledger::new(name, Dialect::Postgres);
        bench.execute("CREATE SCHEMA IF NOT EXISTS books").unwrap();
        for table in [ledger.name(), ledger.history_name()] {
            let columns = "id serial PRIMARY KEY, a text DEFAULT 'a' CHECK (a > '')";
            bench.execute(&format!("CREATE TABLE {table} ({columns})")).unwrap();
            bench.execute(&format!("CREATE INDEX ON {table} (a)")).unwrap();
            bench.execute(&format!("COMMENT ON TABLE {table} IS 'of ours'")).unwrap();
        }
    }
    let mut left = |name: &str| {
        let ledger = Ledger::new(name, Dialect::Postgres);
        let read = read(&mut *bench.connection, Scope::Compared(Some(&ledger))).unwrap();
        let ids = diff(&plain, &read).iter().map(|it| id(it.id())).collect::<Vec<_>>();
        ids.into_iter().filter(|it| it.starts_with("schema") || it.starts_with("table")).collect()
    };
    let in_books = ["schema books", "table books.kept", "table books.kept_schema"];
    let other: Vec<String> = left("public.kept");
    assert_eq!(other, in_books);
    assert_eq!(left("books.kept"), ["table kept", "table kept_schema"]);
    bench.execute("DROP TABLE public.kept, public.kept_schema").unwrap();
    let ledger = Ledger::new("books.kept", Dialect::Postgres);
    let alone = read(&mut *bench.connection, Scope::Compared(Some(&ledger))).unwrap();
    equal(&plain, &alone);
    bench.execute("CREATE FUNCTION books.f() RETURNS integer LANGUAGE sql AS 'SELECT 1'").unwrap();
    let shared = read(&mut *bench.connection, Scope::Compared(Some(&ledger))).unwrap();
    let new: Vec<String> = diff(&plain, &shared).iter().map(|it| id(it.id())).collect();
    assert_eq!(new, ["schema books", "function books.f()"]);
}

#[test]
fn what_was_read_of_an_expression_is_equal_to_what_is_read_when_it_is_sent_back() {
    let table = "CREATE TABLE t (v varchar, w varchar(3), i integer, n numeric, d date, e text[])";
    let Some(mut bench) = database(table) else { return };
    let conditions = [
        "v IN ('a', 'b')",
        "v NOT IN ('a', w, lower(w), NULL)",
        "v = ANY (ARRAY['a', 'b)']) AND w IN ('c', 'd')",
        "i IN (1, 2) OR n IN (1, 2.5, i)",
        "v || w IN (v, w || 'a')",
        "d IN ('2020-01-01', '2021-01-01') AND e && ARRAY[v, 'a']::text[]",
        "v LIKE ANY (ARRAY['a%', 'b%']::varchar[])",
        "v IN (w, lower(w), upper(w), 'a') AND i IN (1, n, 3) AND i > 0 AND (n > 1 OR i IN (n, 2, n))",
        "CASE WHEN v IN (w, lower(w), 'a') THEN i END IN (n, n + 1, n + 2)",
        "CASE WHEN v IN ('a', 'b') THEN i IN (1, -2) ELSE v ~ '(ARRAY[''a''])::text[]' END",
    ];
    for condition in conditions {
        let add = |name: &str, check: &str| format!("ALTER TABLE t ADD CONSTRAINT {name} {check}");
        bench.execute(&add("one", &format!("CHECK ({condition})"))).unwrap();
        bench.execute(&format!("CREATE VIEW one_v AS SELECT v FROM t WHERE {condition}")).unwrap();
        let definition = |catalog: &Catalog, kind, name: &str| {
            let is_it = |it: &&Object| it.id.name.as_str() == name;
            catalog.of_kind(kind).find(is_it).unwrap().attributes["definition"].clone()
        };
        let catalog = compared(&mut *bench.connection);
        let check = definition(&catalog, Kind::Check, "one");
        let view = definition(&catalog, Kind::View, "one_v");
        bench.execute(&add("two", &check.written)).unwrap();
        bench.execute(&format!("CREATE VIEW two_v AS {}", view.written)).unwrap();
        let catalog = compared(&mut *bench.connection);
        assert_eq!(definition(&catalog, Kind::Check, "two"), check, "{condition}");
        assert_eq!(definition(&catalog, Kind::View, "two_v"), view, "{condition}");
        bench.execute("DROP VIEW one_v, two_v").unwrap();
        bench.execute("ALTER TABLE t DROP CONSTRAINT one, DROP CONSTRAINT two").unwrap();
    }
}
