//! Functions, procedures and aggregates.

use crate::catalog::{Kind, Name};
use crate::inspect::InspectError;
use crate::inspect::postgres::attributes::{
    ARGUMENT_NAMES, ARGUMENTS, DEFINITION, NAME, RESULT, TYPES,
};
use crate::inspect::postgres::compared::fields::expression;
use crate::inspect::postgres::compared::gather::{Address, Gatherer, class};
use crate::inspect::postgres::compared::own;

/// The routines, those left out that the server made for a range type.
const ROUTINES: &str = concat!(
    "SELECT p.oid, p.prokind, n.nspname, p.proname,
        array_to_string(ARRAY(SELECT format_type(t.of, NULL)
            FROM unnest(p.proargtypes) WITH ORDINALITY t (of, at) ORDER BY t.at), ', '),
        pg_get_function_arguments(p.oid), pg_get_function_result(p.oid),
        array_to_string(p.proargnames, ', '),
        CASE WHEN p.prokind <> 'a' THEN rtrim(pg_get_functiondef(p.oid), chr(10)) ELSE (
            SELECT concat_ws(', ', 'SFUNC = ' || g.aggtransfn::regproc,
                'STYPE = ' || format_type(g.aggtranstype, NULL),
                'SSPACE = ' || NULLIF(g.aggtransspace, 0),
                'FINALFUNC = ' || NULLIF(g.aggfinalfn, 0::oid)::regproc,
                CASE WHEN g.aggfinalextra THEN 'FINALFUNC_EXTRA' END,
                CASE WHEN g.aggfinalfn <> 0 THEN 'FINALFUNC_MODIFY = ' || {finalmodify} END,
                'COMBINEFUNC = ' || NULLIF(g.aggcombinefn, 0::oid)::regproc,
                'SERIALFUNC = ' || NULLIF(g.aggserialfn, 0::oid)::regproc,
                'DESERIALFUNC = ' || NULLIF(g.aggdeserialfn, 0::oid)::regproc,
                'INITCOND = ' || quote_literal(g.agginitval),
                'MSFUNC = ' || NULLIF(g.aggmtransfn, 0::oid)::regproc,
                'MINVFUNC = ' || NULLIF(g.aggminvtransfn, 0::oid)::regproc,
                'MSTYPE = ' || CASE WHEN g.aggmtranstype <> 0
                    THEN format_type(g.aggmtranstype, NULL) END,
                'MSSPACE = ' || NULLIF(g.aggmtransspace, 0),
                'MFINALFUNC = ' || NULLIF(g.aggmfinalfn, 0::oid)::regproc,
                CASE WHEN g.aggmfinalextra THEN 'MFINALFUNC_EXTRA' END,
                CASE WHEN g.aggmfinalfn <> 0 THEN 'MFINALFUNC_MODIFY = ' || {mfinalmodify} END,
                'MINITCOND = ' || quote_literal(g.aggminitval),
                (SELECT format('SORTOP = OPERATOR(%I.%s)', y.nspname, o.oprname)
                    FROM pg_operator o JOIN pg_namespace y ON y.oid = o.oprnamespace
                    WHERE o.oid = g.aggsortop),
                CASE p.proparallel WHEN 's' THEN 'PARALLEL = SAFE'
                    WHEN 'r' THEN 'PARALLEL = RESTRICTED' END,
                CASE WHEN g.aggkind = 'h' THEN 'HYPOTHETICAL' END)
            FROM pg_aggregate g WHERE g.aggfnoid = p.oid) END
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE NOT EXISTS (SELECT FROM pg_depend d
            WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i') AND",
    own!("pg_proc", "p.oid"),
    "ORDER BY p.oid"
);

/// The word for the letter of the effect that a final function of an aggregate has on the state.
const MODIFY: &str =
    "CASE {letter} WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END";

pub(super) fn read(gatherer: &mut Gatherer<'_>) -> Result<(), InspectError> {
    let query = ROUTINES
        .replace("{finalmodify}", &MODIFY.replace("{letter}", "g.aggfinalmodify"))
        .replace("{mfinalmodify}", &MODIFY.replace("{letter}", "g.aggmfinalmodify"));
    for mut row in gatherer.ask(&query)? {
        let address = Address::new(class::ROUTINE, row.number());
        let kind = match row.text().as_str() {
            "p" => Kind::Procedure,
            "a" => Kind::Aggregate,
            _ => Kind::Function,
        };
        let (schema, name, types) = (row.text(), row.text(), row.text());
        let mut object = gatherer.new_object(kind, &schema, &name);
        object.id.name = Name::exact(format!("{name}({types})"));
        object.aside.extend([(NAME, name), (TYPES, types)]);
        object.set_if(ARGUMENTS, row.next().filter(|it| !it.is_empty()).map(expression));
        object.set_if(RESULT, row.exact());
        object.aside.extend(row.next().map(|it| (ARGUMENT_NAMES, it)));
        object.set_if(DEFINITION, row.expression());
        gatherer.add(address, object);
    }
    Ok(())
}
