//! Objects that act by themselves: triggers, rules, policies, event triggers.

use crate::catalog::{Id, Kind, Name, Object};
use crate::inspect::InspectError;
use crate::inspect::postgres::attributes::{
    COMMAND, DEFINITION, ENABLED, EVENT, FUNCTION, PERMISSIVE, ROLES, TAGS, USING, WITH_CHECK,
};
use crate::inspect::postgres::compared::fields::list;
use crate::inspect::postgres::compared::gather::{Address, Gatherer, class};
use crate::inspect::postgres::compared::own;

/// The triggers, those left out that a partition has from its parent.
const TRIGGERS: &str = concat!(
    "SELECT t.oid, t.tgrelid, t.tgconstraint, t.tgname, pg_get_triggerdef(t.oid), t.tgenabled
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND",
    own!("pg_trigger", "t.oid"),
    "ORDER BY t.oid"
);

const RULES: &str = concat!(
    "SELECT r.oid, r.ev_class, r.rulename, pg_get_ruledef(r.oid), r.ev_enabled
    FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE r.rulename <> '_RETURN' AND",
    own!("pg_rewrite", "r.oid"),
    "ORDER BY r.oid"
);

const POLICIES: &str = concat!(
    "SELECT p.oid, p.polrelid, p.polname,
        CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
        CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
            WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
        ARRAY(SELECT CASE r WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(r)) END
            FROM unnest(p.polroles) r),
        pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)
    FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE",
    own!("pg_policy", "p.oid"),
    "ORDER BY p.oid"
);

const EVENT_TRIGGERS: &str = "
    SELECT e.oid, e.evtname, e.evtevent, e.evtfoid::regproc, e.evtenabled, e.evttags
    FROM pg_event_trigger e
    WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_event_trigger'::regclass
        AND d.objid = e.oid AND d.deptype = 'e')
    ORDER BY e.oid";

pub(super) fn read(gatherer: &mut Gatherer<'_>) -> Result<(), InspectError> {
    for mut row in gatherer.ask(TRIGGERS)? {
        let address = Address::new(class::TRIGGER, row.number());
        let (table, constraint): (u32, u32) = (row.number(), row.number());
        let Some(table) = gatherer.relation(table) else { continue };
        let mut object = gatherer.new_part(Kind::Trigger, table, &row.text());
        object.set_if(DEFINITION, row.expression());
        object.set_if(ENABLED, row.exact());
        let at = gatherer.add(address, object);
        gatherer.also(class::CONSTRAINT, constraint, at);
    }
    for mut row in gatherer.ask(RULES)? {
        let address = Address::new(class::RULE, row.number());
        let Some(table) = gatherer.relation(row.number()) else { continue };
        let mut object = gatherer.new_part(Kind::Rule, table, &row.text());
        object.set_if(DEFINITION, row.expression());
        object.set_if(ENABLED, row.exact());
        gatherer.add(address, object);
    }
    for mut row in gatherer.ask(POLICIES)? {
        let address = Address::new(class::POLICY, row.number());
        let Some(table) = gatherer.relation(row.number()) else { continue };
        let mut object = gatherer.new_part(Kind::Policy, table, &row.text());
        object.set_if(PERMISSIVE, row.exact());
        object.set_if(COMMAND, row.exact());
        object.set_if(ROLES, list(row.set()));
        object.set_if(USING, row.expression());
        object.set_if(WITH_CHECK, row.expression());
        gatherer.add(address, object);
    }
    event_triggers(gatherer)
}

fn event_triggers(gatherer: &mut Gatherer<'_>) -> Result<(), InspectError> {
    for mut row in gatherer.ask(EVENT_TRIGGERS)? {
        let address = Address::new(class::EVENT_TRIGGER, row.number());
        let mut object = Object::new(Id::new(Kind::EventTrigger, &Name::exact(row.text())));
        object.set_if(EVENT, row.exact());
        object.set_if(FUNCTION, row.exact());
        object.set_if(ENABLED, row.exact());
        object.set_if(TAGS, list(row.set()));
        gatherer.add(address, object);
    }
    Ok(())
}
