//! Owners and privileges.
//!
//! Privileges are kept as the difference from those of a new object of the same owner: so it makes none
//! whether the server has a list or not. An owner is kept if it isn't the role of the session, which owns
//! what it makes, here and on a scratch database.

use std::collections::BTreeMap;

use crate::catalog::{Id, Kind, Name, Object};
use crate::inspect::InspectError;
use crate::inspect::postgres::attributes::{COLUMN_GRANTS, GRANTS, OF, OWNED_BY, OWNER, REACH};
use crate::inspect::postgres::compared::fields::list;
use crate::inspect::postgres::compared::gather::{Address, Gatherer, Role};

/// The differences between two lists of privileges, of an owner.
macro_rules! grants {
    ($own:literal, $usual:literal, $owner:literal) => {
        concat!(
            "ARRAY(SELECT i.item FROM (SELECT concat_ws(chr(9), g.verb, g.privilege_type, CASE WHEN g.grantee = 0 THEN 'PUBLIC'
                WHEN g.grantee = ",
            $owner,
            " AND g.grantee = quote_ident(current_user)::regrole THEN 'CURRENT_USER'
                ELSE quote_ident(pg_get_userbyid(g.grantee)) END) AS item
            FROM (",
            "(SELECT 'GRANT' AS verb, x.privilege_type, x.grantee FROM aclexplode(",
            $own,
            ") x EXCEPT SELECT 'GRANT', x.privilege_type, x.grantee FROM aclexplode(",
            $usual,
            ") x) UNION ALL (SELECT 'REVOKE', x.privilege_type, x.grantee FROM aclexplode(",
            $usual,
            ") x EXCEPT SELECT 'REVOKE', x.privilege_type, x.grantee FROM aclexplode(",
            $own,
            ") x) UNION ALL SELECT DISTINCT 'GRANT GRANT OPTION', x.privilege_type, x.grantee FROM aclexplode(",
            $own,
            ") x WHERE x.is_grantable) g) i ORDER BY split_part(i.item, chr(9), 1) COLLATE \"C\",
                split_part(i.item, chr(9), 3) COLLATE \"C\", i.item COLLATE \"C\")"
        )
    };
}

/// The owners and privileges of all that can have some; columns have privileges alone. The schema with
/// which every database begins has some from the start.
const RIGHTS: &str = concat!(
    "SELECT o.class, o.oid, o.sub, CASE WHEN o.owner <> quote_ident(current_user)::regrole
            AND NOT (o.class = 'pg_namespace'::regclass AND o.oid = 2200
                AND (o.owner = 10 OR pg_get_userbyid(o.owner) = 'pg_database_owner'))
            THEN quote_ident(pg_get_userbyid(o.owner)) END, ",
    grants!("COALESCE(o.acl, o.usual)", "o.usual", "o.owner"),
    " FROM (
    SELECT n.tableoid AS class, n.oid, 0 AS sub, n.nspowner AS owner, n.nspacl AS acl,
        acldefault('n', n.nspowner) || CASE WHEN n.oid = 2200
            THEN ARRAY[makeaclitem(0, n.nspowner, 'USAGE', false){create}]
            ELSE ARRAY[]::aclitem[] END AS usual
    FROM pg_namespace n
    UNION ALL SELECT c.tableoid, c.oid, 0, c.relowner, c.relacl,
        acldefault(CASE c.relkind WHEN 'S' THEN 's'::\"char\" ELSE 'r'::\"char\" END, c.relowner)
    FROM pg_class c WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S')
    UNION ALL SELECT c.tableoid, c.oid, a.attnum, c.relowner, a.attacl, acldefault('c', c.relowner)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE a.attacl IS NOT NULL AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL SELECT p.tableoid, p.oid, 0, p.proowner, p.proacl, acldefault('f', p.proowner)
    FROM pg_proc p
    UNION ALL SELECT t.tableoid, t.oid, 0, t.typowner, t.typacl, acldefault('T', t.typowner)
    FROM pg_type t WHERE t.typtype IN ('e', 'd', 'c', 'r')
    UNION ALL SELECT k.tableoid, k.oid, 0, k.collowner, NULL, NULL FROM pg_collation k
    UNION ALL SELECT s.tableoid, s.oid, 0, s.stxowner, NULL, NULL FROM pg_statistic_ext s
    UNION ALL SELECT e.tableoid, e.oid, 0, e.evtowner, NULL, NULL FROM pg_event_trigger e
    ) o
    WHERE o.oid >= 16384 OR o.class = 'pg_namespace'::regclass AND o.oid = 2200
    ORDER BY o.class, o.oid, o.sub"
);

/// The default privileges: those for all schemas differ from the server's own, those for one add to them.
const DEFAULTS: &str = concat!(
    "SELECT d.oid, concat_ws(' ',
        CASE WHEN d.defaclrole <> quote_ident(current_user)::regrole
            THEN 'FOR ROLE ' || quote_ident(pg_get_userbyid(d.defaclrole)) END,
        'IN SCHEMA ' || quote_ident(n.nspname)),
    CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS'
        WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS' WHEN 'L' THEN 'LARGE OBJECTS' END, ",
    grants!("d.acl", "d.usual", "d.defaclrole"),
    " FROM (SELECT d.*, d.defaclacl AS acl, CASE WHEN d.defaclnamespace = 0
        THEN acldefault(CASE d.defaclobjtype WHEN 'S' THEN 's'::\"char\" ELSE d.defaclobjtype END,
            d.defaclrole) END AS usual FROM pg_default_acl d) d
    LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace ORDER BY d.oid"
);

/// The number of the server's table of default privileges.
const DEFAULT_RIGHTS: u32 = 826;

pub(super) fn read(gatherer: &mut Gatherer<'_>) -> Result<(), InspectError> {
    let create = ", makeaclitem(0, n.nspowner, 'CREATE', false)";
    let query = RIGHTS.replace("{create}", gatherer.since(15, "", create));
    let mut of_columns: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for mut row in gatherer.ask(&query)? {
        let address = Address { class: row.number(), oid: row.number(), column: row.number() };
        let (owner, items) = (row.exact(), row.list());
        let Some(known) = gatherer.find(address).filter(|it| it.role == Role::Own) else {
            continue;
        };
        let name = gatherer.columns.get(&(address.oid, address.column)).cloned();
        let Some(object) = gatherer.object(known.at) else { continue };
        if address.column == 0 {
            // A sequence of a column has the owner of the table.
            let is_owned = object.id.kind == Kind::Sequence && object.says(OWNED_BY);
            object.set_if(OWNER, owner.filter(|_| !is_owned));
            object.set_if(GRANTS, list(items));
        } else if object.id.kind == Kind::Column {
            object.set_if(GRANTS, list(items));
        } else if let Some(name) = name {
            let items = items.into_iter().map(|it| format!("{name}\t{it}"));
            of_columns.entry(known.at).or_default().extend(items);
        }
    }
    for (at, items) in of_columns {
        if let Some(object) = gatherer.object(at) {
            object.set_if(COLUMN_GRANTS, list(items));
        }
    }
    defaults(gatherer)
}

fn defaults(gatherer: &mut Gatherer<'_>) -> Result<(), InspectError> {
    for mut row in gatherer.ask(DEFAULTS)? {
        let address = Address::new(DEFAULT_RIGHTS, row.number());
        let (reach, of, items) = (row.text(), row.text(), row.list());
        let space = if reach.is_empty() { "" } else { " " };
        let name = Name::exact(format!("{of}{space}{reach}"));
        let mut object = Object::new(Id::new(Kind::DefaultPrivileges, &name));
        object.aside.insert(REACH, reach);
        object.aside.insert(OF, of);
        object.set_if(GRANTS, list(items));
        gatherer.add(address, object);
    }
    Ok(())
}
