//! Objects that are known to exist and can't be generated. Each is compared as a whole, so that no
//! difference is missed.

use crate::catalog::{Id, Kind, Name, Object};
use crate::inspect::InspectError;
use crate::inspect::postgres::attributes::DEFINITION;
use crate::inspect::postgres::compared::gather::{Address, Gatherer, class};

/// The objects with their addresses, names and definitions; some have a row type or an array type as
/// well. Subscriptions are left out: another database is a part of them.
const OPAQUE: &str = "
    SELECT o.class, o.oid, o.name, o.definition, o.row_type, o.also FROM (
    SELECT c.tableoid AS class, c.oid, 0::oid AS row_type, 0::oid AS also,
        format('cast (%s AS %s)', c.castsource::regtype, c.casttarget::regtype) AS name,
        concat_ws(' ', c.castmethod, c.castcontext,
            CASE WHEN c.castfunc <> 0 THEN c.castfunc::regprocedure END) AS definition
    FROM pg_cast c
    UNION ALL SELECT o.tableoid, o.oid, 0, 0,
        format('operator %s.%s (%s, %s)', o.oprnamespace::regnamespace, o.oprname,
            CASE WHEN o.oprleft <> 0 THEN format_type(o.oprleft, NULL) ELSE 'NONE' END,
            CASE WHEN o.oprright <> 0 THEN format_type(o.oprright, NULL) ELSE 'NONE' END),
        concat_ws(' ', o.oprcode::oid::regprocedure, o.oprresult::regtype, o.oprcom::regoperator,
            o.oprnegate::regoperator, o.oprrest, o.oprjoin, o.oprcanmerge, o.oprcanhash)
    FROM pg_operator o WHERE o.oprcode <> 0
    UNION ALL SELECT f.tableoid, f.oid, 0, 0,
        format('operator family %s.%I USING %I', f.opfnamespace::regnamespace, f.opfname, m.amname),
        concat_ws(' ',
            (SELECT string_agg(concat_ws(' ', p.amopstrategy, p.amopopr::regoperator, p.amoppurpose),
                ', ' ORDER BY p.amopstrategy, p.amopopr::regoperator::text COLLATE \"C\")
                FROM pg_amop p WHERE p.amopfamily = f.oid),
            (SELECT string_agg(concat_ws(' ', p.amprocnum, p.amproc::oid::regprocedure,
                    p.amproclefttype::regtype, p.amprocrighttype::regtype),
                ', ' ORDER BY p.amprocnum, p.amproclefttype::regtype::text COLLATE \"C\",
                    p.amprocrighttype::regtype::text COLLATE \"C\")
                FROM pg_amproc p WHERE p.amprocfamily = f.oid))
    FROM pg_opfamily f JOIN pg_am m ON m.oid = f.opfmethod
    UNION ALL SELECT k.tableoid, k.oid, 0, 0,
        format('operator class %s.%I USING %I', k.opcnamespace::regnamespace, k.opcname, m.amname),
        concat_ws(' ', k.opcintype::regtype, k.opcdefault, NULLIF(k.opckeytype, 0)::regtype,
            f.opfname)
    FROM pg_opclass k JOIN pg_am m ON m.oid = k.opcmethod JOIN pg_opfamily f ON f.oid = k.opcfamily
    UNION ALL SELECT c.tableoid, c.oid, 0, 0,
        format('conversion %s.%I', c.connamespace::regnamespace, c.conname),
        concat_ws(' ', c.conforencoding, c.contoencoding, c.conproc, c.condefault)
    FROM pg_conversion c
    UNION ALL SELECT l.tableoid, l.oid, 0, 0, format('language %I', l.lanname),
        concat_ws(' ', l.lanpltrusted, l.lanplcallfoid::regproc, l.laninline::regproc,
            l.lanvalidator::regproc)
    FROM pg_language l
    UNION ALL SELECT c.tableoid, c.oid, 0, 0,
        format('text search configuration %s.%I', c.cfgnamespace::regnamespace, c.cfgname),
        concat_ws(' ', p.prsname,
            (SELECT string_agg(concat_ws(' ', m.maptokentype, m.mapdict::regdictionary),
                ', ' ORDER BY m.maptokentype, m.mapseqno)
                FROM pg_ts_config_map m WHERE m.mapcfg = c.oid))
    FROM pg_ts_config c JOIN pg_ts_parser p ON p.oid = c.cfgparser
    UNION ALL SELECT d.tableoid, d.oid, 0, 0,
        format('text search dictionary %s.%I', d.dictnamespace::regnamespace, d.dictname),
        concat_ws(' ', t.tmplname, d.dictinitoption)
    FROM pg_ts_dict d JOIN pg_ts_template t ON t.oid = d.dicttemplate
    UNION ALL SELECT p.tableoid, p.oid, 0, 0,
        format('text search parser %s.%I', p.prsnamespace::regnamespace, p.prsname),
        concat_ws(' ', p.prsstart, p.prstoken, p.prsend, p.prsheadline, p.prslextype)
    FROM pg_ts_parser p
    UNION ALL SELECT t.tableoid, t.oid, 0, 0,
        format('text search template %s.%I', t.tmplnamespace::regnamespace, t.tmplname),
        concat_ws(' ', t.tmplinit, t.tmpllexize)
    FROM pg_ts_template t
    UNION ALL SELECT t.tableoid, t.oid, 0, 0,
        format('transform FOR %s LANGUAGE %I', t.trftype::regtype, l.lanname),
        concat_ws(' ', t.trffromsql, t.trftosql)
    FROM pg_transform t JOIN pg_language l ON l.oid = t.trflang
    UNION ALL SELECT a.tableoid, a.oid, 0, 0, format('access method %I', a.amname),
        concat_ws(' ', a.amtype, a.amhandler)
    FROM pg_am a
    UNION ALL SELECT w.tableoid, w.oid, 0, 0, format('foreign data wrapper %I', w.fdwname),
        concat_ws(' ', w.fdwhandler::regproc, w.fdwvalidator::regproc, w.fdwoptions)
    FROM pg_foreign_data_wrapper w
    UNION ALL SELECT s.tableoid, s.oid, 0, 0, format('server %I', s.srvname),
        concat_ws(' ', w.fdwname, s.srvtype, s.srvversion, s.srvoptions)
    FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
    UNION ALL SELECT c.tableoid, c.oid, c.reltype,
        (SELECT t.typarray FROM pg_type t WHERE t.oid = c.reltype),
        format('foreign table %s', c.oid::regclass),
        concat_ws(' ', s.srvname, f.ftoptions, pg_get_expr(c.relpartbound, c.oid),
            (SELECT string_agg(concat_ws(' ', quote_ident(a.attname),
                    format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attfdwoptions,
                    pg_get_expr(d.adbin, d.adrelid)), ', ' ORDER BY a.attnum)
                FROM pg_attribute a LEFT JOIN pg_attrdef d
                    ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
            (SELECT string_agg(concat_ws(' ', quote_ident(k.conname), pg_get_constraintdef(k.oid)),
                ', ' ORDER BY k.conname)
                FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype IN ({of_foreign})))
    FROM pg_class c JOIN pg_foreign_table f ON f.ftrelid = c.oid
    JOIN pg_foreign_server s ON s.oid = f.ftserver
    UNION ALL SELECT t.tableoid, t.oid, 0, t.typarray, format('type %s', t.oid::regtype),
        concat_ws(' ', t.typisdefined, t.typlen, t.typbyval, t.typcategory, t.typispreferred,
            t.typdelim, t.typelem::regtype, t.typinput, t.typoutput, t.typreceive, t.typsend,
            t.typmodin, t.typmodout, t.typanalyze, t.typalign, t.typstorage, t.typdefault,
            t.typcollation::regcollation)
    FROM pg_type t WHERE (t.typtype = 'b' OR NOT t.typisdefined)
        AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
    UNION ALL SELECT p.tableoid, p.oid, 0, 0, format('publication %I', p.pubname),
        concat_ws(' ', p.puballtables, p.pubinsert, p.pubupdate, p.pubdelete, p.pubtruncate,
            p.pubviaroot{of_generated},
            (SELECT string_agg(r.prrelid::regclass::text || {of_table}, ', '
                ORDER BY r.prrelid::regclass::text COLLATE \"C\")
                FROM pg_publication_rel r WHERE r.prpubid = p.oid){of_schemas})
    FROM pg_publication p
    ) o
    WHERE o.oid >= 16384 AND NOT EXISTS (SELECT FROM pg_depend e
        WHERE e.classid = o.class AND e.objid = o.oid AND e.objsubid = 0
            AND e.deptype IN ('e', 'i'))
    ORDER BY o.class, o.oid";

/// The columns and the condition with which a publication names a table.
const OF_TABLE: &str = "COALESCE(' (' || (SELECT string_agg(quote_ident(a.attname), ', ')
        FROM pg_attribute a WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs::int2[]))
        || ')', '') || COALESCE(' WHERE ' || pg_get_expr(r.prqual, r.prrelid), '')";

/// The schemas of which a publication has all tables.
const OF_SCHEMAS: &str = ", (SELECT string_agg(n.pnnspid::regnamespace::text, ', '
    ORDER BY n.pnnspid::regnamespace::text COLLATE \"C\")
    FROM pg_publication_namespace n WHERE n.pnpubid = p.oid)";

/// The tables of publications, each with an address of its own.
const PUBLISHED: &str = "SELECT r.tableoid, r.oid, r.prpubid::oid, 'pg_publication'::regclass::oid
    FROM pg_publication_rel r";

pub(super) fn read(gatherer: &mut Gatherer<'_>) -> Result<(), InspectError> {
    let of_table = gatherer.since(15, OF_TABLE, "''");
    let of_schemas = gatherer.since(15, OF_SCHEMAS, "");
    let query = OPAQUE
        .replace("{of_table}", of_table)
        .replace("{of_schemas}", of_schemas)
        .replace("{of_generated}", gatherer.since(18, ", NULLIF(p.pubgencols, 'n')", ""))
        .replace("{of_foreign}", gatherer.since(18, "'c', 'n'", "'c'"));
    let mut has_publications = false;
    for mut row in gatherer.ask(&query)? {
        let address = Address::new(row.number(), row.number());
        let name = row.text();
        has_publications |= name.starts_with("publication ");
        let mut object = Object::new(Id::new(Kind::Opaque, &Name::exact(name)));
        object.set_if(DEFINITION, row.expression());
        let at = gatherer.add(address, object);
        gatherer.also(class::TYPE, row.number(), at);
        gatherer.also(class::TYPE, row.number(), at);
    }
    if has_publications {
        for mut row in gatherer.ask(PUBLISHED)? {
            let (class, oid, publication) = (row.number(), row.number(), row.number());
            let of = gatherer.find(Address::new(row.number(), publication));
            if let Some(known) = of {
                gatherer.also(class, oid, known.at);
            }
        }
    }
    Ok(())
}
