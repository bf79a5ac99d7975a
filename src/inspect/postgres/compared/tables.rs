//! Tables, columns with their defaults, and sequences.

use std::collections::HashMap;

use crate::catalog::{EXPRESSION, Kind, NOT_NULL, Name, Object, TYPE, Value};
use crate::inspect::InspectError;
use crate::inspect::postgres::attributes::{
    ACCESS_METHOD, BOUND, COLLATION, COMPRESSION, FORCE_RLS, GENERATED, GENERATED_KIND, IDENTITY,
    IDENTITY_OPTIONS, IDENTITY_SEQUENCE, INHERITED, NO_INHERIT, NOT_NULL_FROM, NOT_NULL_NAME,
    NOT_NULL_TAKEN, NOT_VALID, OF_TYPE, OPTIONS, OWNED_BY, PARENTS, PARTITION_KEY,
    REPLICA_IDENTITY, RLS, SETTABLE, STATISTICS, STORAGE, TABLESPACE, UNLOGGED,
};
use crate::inspect::postgres::compared::fields::{Fields, list};
use crate::inspect::postgres::compared::gather::{Address, Gatherer, class};
use crate::inspect::postgres::compared::own;
use crate::inspect::postgres::usual::usual_name;

const TABLES: &str = concat!(
    "SELECT c.oid, c.reltype, t.typarray, n.nspname, c.relname,
        c.relpersistence = 'u', NULLIF(am.amname, 'heap'), ts.spcname,
        c.relrowsecurity, c.relforcerowsecurity,
        CASE c.relreplident WHEN 'f' THEN 'FULL' WHEN 'n' THEN 'NOTHING'
            WHEN 'i' THEN (SELECT 'USING INDEX ' || quote_ident(x.relname)
                FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
                WHERE i.indrelid = c.oid AND i.indisreplident) END,
        pg_get_partkeydef(c.oid), pg_get_expr(c.relpartbound, c.oid),
        CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) END,
        ARRAY(SELECT i.inhparent::regclass::text FROM pg_inherits i
            WHERE i.inhrelid = c.oid ORDER BY i.inhseqno),
        ARRAY(SELECT * FROM unnest(c.reloptions)
            UNION ALL SELECT 'toast.' || o FROM unnest(tc.reloptions) o)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_type t ON t.oid = c.reltype LEFT JOIN pg_am am ON am.oid = c.relam
    LEFT JOIN pg_class tc ON tc.oid = c.reltoastrelid
    LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace
    WHERE c.relkind IN ('r', 'p') AND",
    own!("pg_class", "c.oid"),
    "ORDER BY c.oid"
);

/// The columns; a default has an address of its own. The relations are found first, since the server's
/// own have most of the columns.
const COLUMNS: &str = concat!(
    "SELECT a.attrelid, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod),
        CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation END,
        a.attnotnull,
        CASE a.attidentity WHEN 'a' THEN 'ALWAYS' WHEN 'd' THEN 'BY DEFAULT' END,
        CASE WHEN a.attstorage <> t.typstorage THEN CASE a.attstorage WHEN 'p' THEN 'PLAIN'
            WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' WHEN 'x' THEN 'EXTENDED' END END,
        {compression}, NULLIF(a.attstattarget, -1), a.attoptions,
        NOT a.attislocal AND a.attinhcount > 0,
        CASE a.attgenerated WHEN 's' THEN 'STORED' WHEN 'v' THEN 'VIRTUAL' END,
        {settable}, d.oid, pg_get_expr(d.adbin, d.adrelid), {not_null}
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum {rules}
    WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attrelid = ANY (ARRAY(
        SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND",
    own!("pg_class", "c.oid"),
    ")) ORDER BY a.attrelid, a.attnum"
);

/// The constraint by which a column refuses NULL, where servers have one, and its properties.
const REFUSALS: &str = "LEFT JOIN pg_constraint k
    ON k.conrelid = a.attrelid AND k.contype = 'n' AND k.conkey = ARRAY[a.attnum]";
const NOT_NULL_OF: &str = "k.oid, k.conname, NOT k.convalidated, k.connoinherit,
    CASE WHEN k.coninhcount > 0 THEN CASE WHEN k.conislocal THEN 'both' ELSE 'parent' END END,
    k.coninhcount = 0 AND EXISTS (SELECT FROM pg_constraint o WHERE o.conname = k.conname
        AND o.connamespace = k.connamespace AND o.coninhcount = 0 AND o.oid <> k.oid)";

const COMPRESSION_OF: &str = "CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END";

/// The sequences; one that hangs on an identity is a property of its column.
const SEQUENCES: &str = concat!(
    "SELECT c.oid, n.nspname, c.relname, format_type(s.seqtypid, NULL), c.relpersistence = 'u',
        s.seqincrement, s.seqmin, s.seqmax, s.seqstart, s.seqcache, s.seqcycle,
        d.deptype = 'i', d.refobjid, d.refobjsubid,
        d.refobjid::regclass || '.' || quote_ident(a.attname)
    FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid
        AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
    LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
    WHERE",
    own!("pg_class", "c.oid"),
    "ORDER BY c.oid"
);

pub(super) fn read(gatherer: &mut Gatherer<'_>) -> Result<(), InspectError> {
    for mut row in gatherer.ask(TABLES)? {
        let address = Address::new(class::RELATION, row.number());
        let (row_type, array) = (row.number(), row.number());
        let object = gatherer.new_object(Kind::Table, &row.text(), &row.text());
        let at = gatherer.add(address, table(object, &mut row));
        gatherer.also(class::TYPE, row_type, at);
        gatherer.also(class::TYPE, array, at);
    }
    let compression = gatherer.since(14, COMPRESSION_OF, "NULL");
    let columns = COLUMNS
        .replace("{compression}", compression)
        .replace("{settable}", gatherer.since(17, "a.attgenerated <> ''", "false"))
        .replace("{rules}", gatherer.since(18, REFUSALS, ""))
        .replace("{not_null}", gatherer.since(18, NOT_NULL_OF, "0"));
    for mut row in gatherer.ask(&columns)? {
        column(gatherer, &mut row);
    }
    sequences(gatherer)
}

fn table(mut object: Object, row: &mut Fields) -> Object {
    object.set_if(UNLOGGED, row.yes());
    object.set_if(ACCESS_METHOD, row.exact());
    object.set_if(TABLESPACE, row.exact());
    object.set_if(RLS, row.yes());
    object.set_if(FORCE_RLS, row.yes());
    object.set_if(REPLICA_IDENTITY, row.exact());
    object.set_if(PARTITION_KEY, row.expression());
    object.set_if(BOUND, row.expression());
    object.set_if(OF_TYPE, row.exact());
    object.set_if(PARENTS, list(row.list()));
    object.set_if(OPTIONS, list(row.set()));
    object
}

/// Adds a column, and its default as an object of its own.
fn column(gatherer: &mut Gatherer<'_>, row: &mut Fields) {
    let (relation, number, name) = (row.number(), row.number(), row.text());
    let Some(table) = gatherer.relation(relation) else { return };
    let mut object = gatherer.new_part(Kind::Column, table, &name);
    object.place = usize::try_from(number).unwrap_or_default();
    object.set_if(TYPE, row.exact());
    object.set_if(COLLATION, row.exact());
    object.set_if(NOT_NULL, row.yes());
    // A partition has the identity of its table, and lets go of it when it leaves.
    let is_partition = gatherer.objects.get(table).is_some_and(|it| it.says(BOUND));
    let is_given = is_partition && gatherer.is_from(17);
    object.set_if(IDENTITY, row.exact().filter(|_| !is_given));
    for attribute in [STORAGE, COMPRESSION, STATISTICS] {
        object.set_if(attribute, row.exact());
    }
    object.set_if(OPTIONS, list(row.set()));
    let inherited = row.yes().map(|it| (INHERITED, it.written));
    object.aside.extend(inherited.clone());
    let kept = row.exact();
    let is_generated = kept.is_some();
    object.set_if(GENERATED_KIND, kept);
    object.aside.extend(row.yes().map(|it| (SETTABLE, it.written)));
    let (default, text) = (row.number(), row.expression());
    let rule = row.number();
    if rule != 0 {
        not_null(&mut object, row);
    }
    if is_generated {
        object.set_if(GENERATED, text.clone());
    }
    let parent = object.id.clone();
    let at = gatherer.add(Address::column(relation, number), object);
    gatherer.also(class::CONSTRAINT, rule, at);
    gatherer.columns.insert((relation, number), name.clone());
    match text {
        Some(text) if !is_generated => {
            let mut object = gatherer.new_part(Kind::Default, table, &name);
            object.parent = Some(parent);
            object.aside.extend(inherited);
            object.set(EXPRESSION, text);
            gatherer.add(Address::new(class::DEFAULT, default), object);
        }
        Some(_) | None => gatherer.also(class::DEFAULT, default, at),
    }
}

/// Sets what is known of the constraint by which a column refuses NULL.
fn not_null(column: &mut Object, row: &mut Fields) {
    let name = row.text();
    column.set_if(NOT_VALID, row.yes());
    column.set_if(NO_INHERIT, row.yes());
    let from = row.next();
    let table = column.id.owner.as_ref().map_or("", Name::as_str);
    let is_usual = name == usual_name(table, Some(column.id.name.as_str()));
    if from.is_none() && !is_usual {
        column.set(NOT_NULL_NAME, Value::exact(name.clone()));
    }
    column.aside.insert(NOT_NULL_NAME, name);
    column.aside.extend(from.map(|it| (NOT_NULL_FROM, it)));
    column.aside.extend(row.yes().map(|it| (NOT_NULL_TAKEN, it.written)));
}

fn sequences(gatherer: &mut Gatherer<'_>) -> Result<(), InspectError> {
    let mut identities: HashMap<usize, (String, Option<Value>)> = HashMap::new();
    for mut row in gatherer.ask(SEQUENCES)? {
        let oid = row.number();
        let mut object = gatherer.new_object(Kind::Sequence, &row.text(), &row.text());
        object.set_if(TYPE, row.exact());
        object.set_if(UNLOGGED, row.yes());
        let options = list(clauses(&mut row));
        let is_identity = row.flag();
        let column = gatherer.find(Address::column(row.number(), row.number()));
        match column {
            Some(column) if is_identity => {
                identities.insert(column.at, (object.id.name.to_string(), options));
                gatherer.also(class::RELATION, oid, column.at);
                continue;
            }
            Some(column) => {
                object.parent = gatherer.object(column.at).map(|it| it.id.clone());
            }
            None if is_identity => continue,
            None => {}
        }
        object.set_if(OPTIONS, options);
        object.set_if(OWNED_BY, row.exact());
        gatherer.add(Address::new(class::RELATION, oid), object);
    }
    for (at, (name, options)) in identities {
        if let Some(column) = gatherer.object(at) {
            column.aside.insert(IDENTITY_SEQUENCE, name);
            column.set_if(IDENTITY_OPTIONS, options);
        }
    }
    Ok(())
}

/// Takes the properties of a sequence as the clauses that set them.
fn clauses(row: &mut Fields) -> Vec<String> {
    let words = ["INCREMENT BY", "MINVALUE", "MAXVALUE", "START WITH", "CACHE"];
    let mut res: Vec<String> = words.iter().map(|word| format!("{word} {}", row.text())).collect();
    res.push(if row.flag() { "CYCLE" } else { "NO CYCLE" }.to_owned());
    res
}
