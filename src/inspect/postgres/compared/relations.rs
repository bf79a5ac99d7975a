//! Views, with or without rows, and what hangs on relations of every kind: constraints and the
//! columns of views.

use std::collections::BTreeMap;

use crate::catalog::{COLUMNS, EXPRESSION, Kind, Object, REFERENCES, Value};
use crate::inspect::InspectError;
use crate::inspect::postgres::attributes::{
    ACCESS_METHOD, ATTRIBUTES, CLUSTERED, COLUMN_DEFAULTS, COLUMN_SETTINGS, DEFINITION,
    NOT_ENFORCED, NOT_VALID, OPTIONS, POPULATED, TABLESPACE,
};
use crate::inspect::postgres::compared::fields::{Fields, expression, list, yes};
use crate::inspect::postgres::compared::gather::{Address, Gatherer, class};
use crate::inspect::postgres::compared::own;

/// The views; the rule that makes one is a further address.
const VIEWS: &str = concat!(
    "SELECT c.oid, c.reltype, t.typarray, r.oid, c.relkind = 'm', n.nspname, c.relname,
        pg_get_viewdef(c.oid),
        ARRAY(SELECT * FROM unnest(c.reloptions)
            UNION ALL SELECT 'toast.' || o FROM unnest(tc.reloptions) o),
        CASE WHEN c.relkind = 'm' THEN NULLIF(am.amname, 'heap') END, ts.spcname, c.relispopulated
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_type t ON t.oid = c.reltype
    JOIN pg_rewrite r ON r.ev_class = c.oid AND r.rulename = '_RETURN'
    LEFT JOIN pg_class tc ON tc.oid = c.reltoastrelid
    LEFT JOIN pg_am am ON am.oid = c.relam LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace
    WHERE c.oid >= 16384 AND c.relkind IN ('v', 'm') AND",
    own!("pg_class", "c.oid"),
    "ORDER BY c.oid"
);

/// The attributes of composite types, and the columns of views.
const ATTRIBUTES_OF: &str = concat!(
    "SELECT a.attrelid, a.attnum, a.attname,
        format_type(a.atttypid, a.atttypmod) || COALESCE(' COLLATE '
            || CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation END, ''),
        d.oid, pg_get_expr(d.adbin, d.adrelid), ARRAY(
            SELECT s.clause || E'\\t' || s.back FROM (VALUES
                ('SET STATISTICS ' || NULLIF(a.attstattarget, -1), 'SET STATISTICS -1'),
                ('SET STORAGE ' || CASE WHEN a.attstorage <> t.typstorage THEN {storage} END,
                    'SET STORAGE ' || {storage_of_type}),
                ('SET COMPRESSION ' || {compression}, 'SET COMPRESSION default'),
                ('SET (' || array_to_string(a.attoptions, ', ') || ')',
                    'RESET (' || (SELECT string_agg(split_part(o, '=', 1), ', ')
                        FROM unnest(a.attoptions) o) || ')')) s (clause, back)
            WHERE c.relkind = 'm' AND s.clause IS NOT NULL)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid >= 16384 AND c.relkind IN ('c', 'v', 'm') AND a.attnum > 0
        AND NOT a.attisdropped AND",
    own!("pg_class", "c.oid"),
    "ORDER BY a.attrelid, a.attnum"
);

/// The constraints of tables and domains; the index behind one is a further address.
const CONSTRAINTS: &str = concat!(
    "SELECT k.oid, k.conrelid, k.contypid, k.contype,
        CASE WHEN k.contype IN ('p', 'u', 'x') THEN k.conindid END, k.conname,
        NOT k.conislocal AND k.coninhcount > 0 OR k.conparentid <> 0,
        pg_get_constraintdef(k.oid), NOT k.convalidated, {not_enforced},
        pg_get_expr(k.conbin, k.conrelid), k.conkey, k.confrelid, k.confkey,
        i.indisclustered, x.reloptions, ts.spcname
    FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
    LEFT JOIN pg_index i ON i.indexrelid = k.conindid AND k.contype IN ('p', 'u', 'x')
    LEFT JOIN pg_class x ON x.oid = i.indexrelid
    LEFT JOIN pg_tablespace ts ON ts.oid = x.reltablespace
    WHERE k.contype IN ('c', 'f', 'p', 'u', 'x') AND",
    own!("pg_constraint", "k.oid"),
    "ORDER BY k.oid"
);

pub(super) fn read(gatherer: &mut Gatherer<'_>) -> Result<(), InspectError> {
    views(gatherer)?;
    attributes(gatherer)?;
    let not_enforced = gatherer.since(18, "NOT k.conenforced", "false");
    for mut row in gatherer.ask(&CONSTRAINTS.replace("{not_enforced}", not_enforced))? {
        constraint(gatherer, &mut row);
    }
    Ok(())
}

fn views(gatherer: &mut Gatherer<'_>) -> Result<(), InspectError> {
    for mut row in gatherer.ask(VIEWS)? {
        let address = Address::new(class::RELATION, row.number());
        let (row_type, array, rule) = (row.number(), row.number(), row.number());
        let has_rows = row.flag();
        let kind = if has_rows { Kind::MaterializedView } else { Kind::View };
        let mut object = gatherer.new_object(kind, &row.text(), &row.text());
        let query = row.text();
        let query = query.trim().trim_end_matches(';').to_owned();
        object.set(DEFINITION, expression(query));
        object.set_if(OPTIONS, list(row.set()));
        object.set_if(ACCESS_METHOD, row.exact());
        object.set_if(TABLESPACE, row.exact());
        let populated = row.yes().filter(|_| has_rows);
        object.aside.extend(populated.map(|it| (POPULATED, it.written)));
        let at = gatherer.add(address, object);
        gatherer.also(class::TYPE, row_type, at);
        gatherer.also(class::TYPE, array, at);
        gatherer.also(class::RULE, rule, at);
    }
    Ok(())
}

/// Writes the query of [`ATTRIBUTES_OF`] for a server.
fn attributes_of(gatherer: &Gatherer<'_>) -> String {
    let storage = |of: &str| {
        format!(
            "CASE {of} WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' \
             ELSE 'EXTENDED' END"
        )
    };
    let compression = "CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END";
    ATTRIBUTES_OF
        .replace("{storage}", &storage("a.attstorage"))
        .replace("{storage_of_type}", &storage("t.typstorage"))
        .replace("{compression}", gatherer.since(14, compression, "NULL"))
}

fn attributes(gatherer: &mut Gatherer<'_>) -> Result<(), InspectError> {
    let mut types: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let mut defaults: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let mut settings: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let query = attributes_of(gatherer);
    for mut row in gatherer.ask(&query)? {
        let (relation, number, name) = (row.number(), row.number(), row.text());
        let Some(at) = gatherer.relation(relation) else { continue };
        let of = |text: String| format!("{name}\t{text}");
        types.entry(at).or_default().push(of(row.text()));
        let default = row.number();
        if let Some(text) = row.next() {
            defaults.entry(at).or_default().push(of(text));
            gatherer.also(class::DEFAULT, default, at);
        }
        settings.entry(at).or_default().extend(row.set().into_iter().map(of));
        gatherer.columns.insert((relation, number), name);
    }
    let lists = [(ATTRIBUTES, types), (COLUMN_DEFAULTS, defaults), (COLUMN_SETTINGS, settings)];
    for (attribute, lists) in lists {
        for (at, items) in lists {
            if let Some(object) = gatherer.object(at) {
                object.set_if(attribute, list(items));
            }
        }
    }
    Ok(())
}

/// Adds a constraint, unless it is a table's only because it is its parent's.
fn constraint(gatherer: &mut Gatherer<'_>, row: &mut Fields) {
    let address = Address::new(class::CONSTRAINT, row.number());
    let (relation, domain, letter, index) = (row.number(), row.number(), row.text(), row.number());
    let owner = if relation == 0 {
        gatherer.find(Address::new(class::TYPE, domain)).map(|it| it.at)
    } else {
        gatherer.relation(relation)
    };
    let Some(owner) = owner else { return };
    let kind = match letter.as_str() {
        "c" if relation == 0 => Kind::DomainCheck,
        "c" => Kind::Check,
        "p" => Kind::PrimaryKey,
        "u" => Kind::Unique,
        "x" => Kind::Exclusion,
        _ => Kind::ForeignKey,
    };
    let name = row.text();
    let mut object = gatherer.new_part(kind, owner, &name);
    if row.flag() {
        gatherer.aim(address.class, address.oid, owner);
        gatherer.index_of_parent(index, owner, &name);
        return;
    }
    definition(&mut object, row);
    object.set_if(EXPRESSION, row.expression());
    object.set_if(COLUMNS, list(gatherer.names(relation, &row.numbers())));
    if let Some(references) = references(gatherer, row) {
        object.set(REFERENCES, references);
    }
    object.set_if(CLUSTERED, row.yes());
    object.set_if(OPTIONS, list(row.set()));
    object.set_if(TABLESPACE, row.exact());
    let at = gatherer.add(address, object);
    gatherer.also(class::RELATION, index, at);
}

/// Sets the definition without what can be changed about it.
fn definition(object: &mut Object, row: &mut Fields) {
    let text = row.text();
    let (not_valid, not_enforced) = (row.flag(), row.flag());
    let text = text.strip_suffix(" NOT VALID").unwrap_or(&text);
    let text = text.strip_suffix(" NOT ENFORCED").filter(|_| not_enforced).unwrap_or(text);
    object.set(DEFINITION, expression(text.to_owned()));
    object.set_if(NOT_VALID, yes(not_valid && !not_enforced));
    object.set_if(NOT_ENFORCED, yes(not_enforced));
}

/// Returns the table and the columns to which a foreign key refers.
fn references(gatherer: &Gatherer<'_>, row: &mut Fields) -> Option<Value> {
    let (relation, numbers): (u32, Vec<i32>) = (row.number(), row.numbers());
    let table = gatherer.objects.get(gatherer.relation(relation)?)?;
    let columns = gatherer.names(relation, &numbers);
    let text = format!("{} ({})", table.id.full_name(), columns.join(", "));
    Some(Value::exact(text).with_list(columns))
}
