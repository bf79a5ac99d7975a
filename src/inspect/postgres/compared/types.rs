//! Schemas, extensions, collations and types.

use crate::catalog::{Id, Kind, NOT_NULL, Name, Object, TYPE, Value};
use crate::inspect::InspectError;
use crate::inspect::postgres::attributes::{
    CANONICAL, COLLATION, CTYPE, DEFAULT, DETERMINISTIC, LABELS, LOCALE, MULTIRANGE, NOT_NULL_NAME,
    OPCLASS, PROVIDER, RELOCATABLE, RULES, SCHEMA, SUBTYPE_DIFF,
};
use crate::inspect::postgres::compared::fields::list;
use crate::inspect::postgres::compared::gather::{Address, Gatherer, class};
use crate::inspect::postgres::compared::own;
use crate::inspect::postgres::usual::usual_name;

const SCHEMAS: &str = concat!(
    "SELECT n.oid, n.nspname FROM pg_namespace n WHERE",
    own!("pg_namespace", "n.oid"),
    "ORDER BY n.oid"
);

/// The extensions, without the one that every database has. Their versions are those of the server.
const EXTENSIONS: &str = "
    SELECT e.oid, e.extname, n.nspname, e.extrelocatable
    FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
    WHERE e.extname <> 'plpgsql' ORDER BY e.oid";

/// The collations; their versions are those of the machine.
const COLLATIONS: &str = concat!(
    "SELECT k.oid, n.nspname, k.collname,
        CASE k.collprovider WHEN 'i' THEN 'icu' WHEN 'c' THEN 'libc' WHEN 'b' THEN 'builtin' END,
        {locale}, CASE WHEN k.collprovider = 'c' THEN k.collctype END, k.collisdeterministic,
        {rules}
    FROM pg_collation k JOIN pg_namespace n ON n.oid = k.collnamespace
    WHERE",
    own!("pg_collation", "k.oid"),
    "ORDER BY k.oid"
);

const ENUMS: &str = concat!(
    "SELECT t.oid, t.typarray, n.nspname, t.typname,
        ARRAY(SELECT e.enumlabel FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder)
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE t.typtype = 'e' AND",
    own!("pg_type", "t.oid"),
    "ORDER BY t.oid"
);

const DOMAINS: &str = concat!(
    "SELECT t.oid, t.typarray, n.nspname, t.typname, format_type(t.typbasetype, t.typtypmod),
        t.typnotnull, pg_get_expr(t.typdefaultbin, 0),
        CASE WHEN t.typcollation <> b.typcollation THEN t.typcollation::regcollation END, {not_null}
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    JOIN pg_type b ON b.oid = t.typbasetype {rules}
    WHERE t.typtype = 'd' AND",
    own!("pg_type", "t.oid"),
    "ORDER BY t.oid"
);

/// The constraint by which a domain refuses NULL, where servers have one.
const REFUSALS: &str = "LEFT JOIN pg_constraint k ON k.contypid = t.oid AND k.contype = 'n'";

const COMPOSITES: &str = concat!(
    "SELECT t.oid, t.typarray, t.typrelid, n.nspname, t.typname
    FROM pg_type t JOIN pg_class c ON c.oid = t.typrelid AND c.relkind = 'c'
    JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE",
    own!("pg_type", "t.oid"),
    "ORDER BY t.oid"
);

const RANGES: &str = concat!(
    "SELECT t.oid, t.typarray, {multirange}, n.nspname, t.typname, format_type(r.rngsubtype, NULL),
        (SELECT quote_ident(x.nspname) || '.' || quote_ident(o.opcname)
            FROM pg_opclass o JOIN pg_namespace x ON x.oid = o.opcnamespace
            WHERE o.oid = r.rngsubopc AND NOT o.opcdefault),
        CASE WHEN r.rngcollation <> s.typcollation THEN r.rngcollation::regcollation END,
        CASE WHEN r.rngcanonical <> 0 THEN r.rngcanonical::regproc END,
        CASE WHEN r.rngsubdiff <> 0 THEN r.rngsubdiff::regproc END
    FROM pg_range r JOIN pg_type t ON t.oid = r.rngtypid
    JOIN pg_namespace n ON n.oid = t.typnamespace JOIN pg_type s ON s.oid = r.rngsubtype
    WHERE",
    own!("pg_type", "t.oid"),
    "ORDER BY t.oid"
);

pub(super) fn read(gatherer: &mut Gatherer<'_>) -> Result<(), InspectError> {
    schemas_and_extensions(gatherer)?;
    collations(gatherer)?;
    enums_and_domains(gatherer)?;
    composites(gatherer)?;
    ranges(gatherer)
}

fn schemas_and_extensions(gatherer: &mut Gatherer<'_>) -> Result<(), InspectError> {
    for mut row in gatherer.ask(SCHEMAS)? {
        let address = Address::new(class::SCHEMA, row.number());
        let id = Id::new(Kind::Schema, &Name::exact(row.text()));
        gatherer.add(address, Object::new(id));
    }
    for mut row in gatherer.ask(EXTENSIONS)? {
        let address = Address::new(class::EXTENSION, row.number());
        let mut object = Object::new(Id::new(Kind::Extension, &Name::exact(row.text())));
        object.set_if(SCHEMA, row.exact());
        object.aside.extend(row.yes().map(|it| (RELOCATABLE, it.written)));
        gatherer.add(address, object);
    }
    Ok(())
}

fn collations(gatherer: &mut Gatherer<'_>) -> Result<(), InspectError> {
    let before = gatherer.since(15, "COALESCE(k.collcollate, k.colliculocale)", "k.collcollate");
    let locale = gatherer.since(17, "COALESCE(k.collcollate, k.colllocale)", before);
    let rules = gatherer.since(16, "k.collicurules", "NULL");
    let query = COLLATIONS.replace("{locale}", locale).replace("{rules}", rules);
    for mut row in gatherer.ask(&query)? {
        let address = Address::new(class::COLLATION, row.number());
        let mut object = gatherer.new_object(Kind::Collation, &row.text(), &row.text());
        for attribute in [PROVIDER, LOCALE, CTYPE] {
            object.set_if(attribute, row.exact());
        }
        object.set_if(DETERMINISTIC, row.yes());
        object.set_if(RULES, row.exact());
        gatherer.add(address, object);
    }
    Ok(())
}

fn enums_and_domains(gatherer: &mut Gatherer<'_>) -> Result<(), InspectError> {
    for mut row in gatherer.ask(ENUMS)? {
        let (address, array) = (Address::new(class::TYPE, row.number()), row.number());
        let mut object = gatherer.new_object(Kind::Enum, &row.text(), &row.text());
        object.set_if(LABELS, list(row.list()));
        let at = gatherer.add(address, object);
        gatherer.also(class::TYPE, array, at);
    }
    let domains = DOMAINS
        .replace("{rules}", gatherer.since(17, REFUSALS, ""))
        .replace("{not_null}", gatherer.since(17, "k.oid, k.conname", "0"));
    for mut row in gatherer.ask(&domains)? {
        let (address, array) = (Address::new(class::TYPE, row.number()), row.number());
        let mut object = gatherer.new_object(Kind::Domain, &row.text(), &row.text());
        object.set_if(TYPE, row.exact());
        object.set_if(NOT_NULL, row.yes());
        object.set_if(DEFAULT, row.expression());
        object.set_if(COLLATION, row.exact());
        let (rule, name) = (row.number(), row.next());
        if let Some(name) = name {
            if name != usual_name(object.id.name.as_str(), None) {
                object.set(NOT_NULL_NAME, Value::exact(name.clone()));
            }
            object.aside.insert(NOT_NULL_NAME, name);
        }
        let at = gatherer.add(address, object);
        gatherer.also(class::TYPE, array, at);
        gatherer.also(class::CONSTRAINT, rule, at);
    }
    Ok(())
}

/// Reads composite types; their attributes are read with the columns of views.
fn composites(gatherer: &mut Gatherer<'_>) -> Result<(), InspectError> {
    for mut row in gatherer.ask(COMPOSITES)? {
        let (address, array) = (Address::new(class::TYPE, row.number()), row.number());
        let relation = row.number();
        let object = gatherer.new_object(Kind::Composite, &row.text(), &row.text());
        let at = gatherer.add(address, object);
        gatherer.also(class::TYPE, array, at);
        gatherer.also(class::RELATION, relation, at);
    }
    Ok(())
}

fn ranges(gatherer: &mut Gatherer<'_>) -> Result<(), InspectError> {
    let multirange = gatherer.since(
        14,
        "r.rngmultitypid, (SELECT m.typarray FROM pg_type m WHERE m.oid = r.rngmultitypid), \
         r.rngmultitypid::regtype",
        "0, 0, NULL",
    );
    for mut row in gatherer.ask(&RANGES.replace("{multirange}", multirange))? {
        let (address, array) = (Address::new(class::TYPE, row.number()), row.number());
        let (multirange, arrays, name) = (row.number(), row.number(), row.exact());
        let mut object = gatherer.new_object(Kind::Range, &row.text(), &row.text());
        object.set_if(MULTIRANGE, name);
        for attribute in [TYPE, OPCLASS, COLLATION, CANONICAL, SUBTYPE_DIFF] {
            object.set_if(attribute, row.exact());
        }
        let at = gatherer.add(address, object);
        for oid in [array, multirange, arrays] {
            gatherer.also(class::TYPE, oid, at);
        }
    }
    Ok(())
}
