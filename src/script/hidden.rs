//! The code in a database: routines, triggers, views. The names in a statement lead to the code it
//! runs.

use std::collections::BTreeSet;

use crate::sql::{Code, Dialect, Sets, Statement, runs_code};

/// Routines, triggers and views that statements may run implicitly.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hidden {
    codes: Vec<KnownCode>,
    /// The words of the databases that a script uses without naming them.
    used: BTreeSet<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct KnownCode {
    code: Code,
    /// The words of the name, and those of the text.
    name: Vec<String>,
    words: BTreeSet<String>,
}

/// Keywords of statements that change rows.
const CHANGES: &[&str] =
    &["insert", "update", "delete", "replace", "merge", "copy", "load", "truncate"];

impl Hidden {
    /// Returns the queries for a database's code: what runs it (`name`, or `change` of rows), the
    /// name, the text. One that a server doesn't support finds nothing.
    pub const fn queries(dialect: Dialect) -> &'static [&'static str] {
        match dialect {
            Dialect::Sqlite => SQLITE,
            Dialect::Postgres => POSTGRES,
            Dialect::MySql => MYSQL,
        }
    }

    /// Adds a row of such a query. A text that can't be read may set anything.
    pub fn take(&mut self, kind: &str, name: &str, text: Option<&str>, dialect: Dialect) {
        let code = Code::new(name, text.unwrap_or_default(), dialect);
        let sets = if text.is_none() { Sets::unknown() } else { code.sets };
        self.add(Code { sets, on_change: kind == "change", ..code });
    }

    pub(super) fn add(&mut self, code: Code) {
        let (name, words) = (words(&code.name).collect(), words(&code.text).collect());
        self.codes.push(KnownCode { code, name, words });
    }

    /// Follows a change of the current database (MySQL's USE).
    pub(super) fn follow(&mut self, statement: &Statement<'_>) {
        if statement.begins_with("USE") {
            self.used.extend(words(statement.text));
        }
    }

    /// Tells whether a routine is known.
    pub(super) fn has(&self, name: &str) -> bool {
        let plain = |known: &Code| {
            known.name.rsplit('.').next().is_some_and(|it| it.eq_ignore_ascii_case(name))
        };
        self.codes.iter().any(|it| !it.code.on_change && plain(&it.code))
    }

    /// Returns the code that a statement may run, directly or indirectly, by the names in it. A
    /// definition runs nothing that it names.
    pub(super) fn reached(&self, statement: &Statement<'_>) -> Vec<&Code> {
        if self.codes.is_empty() {
            return Vec::new();
        }
        let text = if runs_code(statement) { statement.text } else { "" };
        let first: BTreeSet<String> = words(text).chain(self.used.iter().cloned()).collect();
        let mut found: BTreeSet<usize> = BTreeSet::new();
        let mut todo = vec![&first];
        while let Some(words) = todo.pop() {
            let changes = CHANGES.iter().any(|word| words.contains(*word));
            for (at, known) in self.codes.iter().enumerate() {
                let is_run = changes || !known.code.on_change;
                if is_run && known.name.iter().all(|it| words.contains(it)) && found.insert(at) {
                    todo.push(&known.words);
                }
            }
        }
        found.iter().filter_map(|at| self.codes.get(*at)).map(|it| &it.code).collect()
    }
}

fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

const SQLITE: &[&str] = &[
    "SELECT CASE type WHEN 'view' THEN 'name' ELSE 'change' END, tbl_name, sql FROM sqlite_master \
     WHERE type IN ('trigger', 'view')",
    // Rows that reference the changed ones may change too.
    "SELECT 'change', f.\"table\", 'update ' || m.name \
     FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'",
];

const POSTGRES: &[&str] = &[
    "SELECT 'name', p.proname, pg_catalog.pg_get_functiondef(p.oid) FROM pg_catalog.pg_proc p \
     JOIN pg_catalog.pg_language l ON l.oid = p.prolang \
     JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace \
     WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') \
     AND l.lanname NOT IN ('c', 'internal') \
     AND NOT EXISTS (SELECT FROM pg_catalog.pg_aggregate a WHERE a.aggfnoid = p.oid)",
    "SELECT 'name', a.aggfnoid::pg_catalog.regproc::text, \
     pg_catalog.concat_ws(' ', a.aggtransfn::pg_catalog.regproc, a.aggfinalfn::pg_catalog.regproc) \
     FROM pg_catalog.pg_aggregate a WHERE a.aggfnoid::pg_catalog.oid >= 16384",
    "SELECT CASE c.relkind WHEN 'v' THEN 'name' WHEN 'm' THEN 'name' ELSE 'change' END, c.relname, \
     pg_catalog.pg_get_ruledef(r.oid) FROM pg_catalog.pg_rewrite r \
     JOIN pg_catalog.pg_class c ON c.oid = r.ev_class WHERE r.oid >= 16384",
    "SELECT 'change', c.relname, pg_catalog.pg_get_triggerdef(t.oid) FROM pg_catalog.pg_trigger t \
     JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal",
    "SELECT 'change', c.relname, pg_catalog.pg_get_expr(d.adbin, d.adrelid) \
     FROM pg_catalog.pg_attrdef d JOIN pg_catalog.pg_class c ON c.oid = d.adrelid",
    // Rows that reference the changed ones, or partitions, may change too.
    "SELECT 'change', c.relname, \
     CASE k.contype WHEN 'f' THEN 'update ' || k.conrelid::pg_catalog.regclass::text \
     ELSE pg_catalog.pg_get_constraintdef(k.oid) END FROM pg_catalog.pg_constraint k \
     JOIN pg_catalog.pg_class c \
     ON c.oid = CASE k.contype WHEN 'f' THEN k.confrelid ELSE k.conrelid END \
     WHERE k.contype = 'c' OR (k.contype = 'f' AND (k.confdeltype IN ('c', 'n', 'd') \
     OR k.confupdtype IN ('c', 'n', 'd')))",
    "SELECT 'change', c.relname, 'update ' || i.inhrelid::pg_catalog.regclass::text \
     FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhparent",
    "SELECT 'name', t.typname, pg_catalog.pg_get_constraintdef(k.oid) FROM pg_catalog.pg_constraint k \
     JOIN pg_catalog.pg_type t ON t.oid = k.contypid WHERE k.oid >= 16384 \
     UNION ALL SELECT 'change', c.relname, t.typname FROM pg_catalog.pg_attribute a \
     JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_type t ON t.oid = a.atttypid \
     WHERE t.typtype = 'd' AND t.oid >= 16384 AND c.relkind IN ('r', 'p')",
    "SELECT 'name', t.typname, c.castfunc::pg_catalog.regproc::text FROM pg_catalog.pg_cast c \
     JOIN pg_catalog.pg_type t ON t.oid = c.casttarget WHERE c.oid >= 16384 AND c.castfunc <> 0",
    // Signs are no words, and events have no name: any statement may run their code.
    "SELECT 'name', o.oprname, o.oprcode::text FROM pg_catalog.pg_operator o WHERE o.oid >= 16384 \
     UNION ALL SELECT 'name', '', e.evtfoid::pg_catalog.regproc::text FROM pg_catalog.pg_event_trigger e",
    "SELECT 'name', c.relname, pg_catalog.concat_ws(' ', \
     pg_catalog.pg_get_expr(p.polqual, p.polrelid), pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)) \
     FROM pg_catalog.pg_policy p JOIN pg_catalog.pg_class c ON c.oid = p.polrelid",
];

// Objects of other databases are named with these, outside and, to be safe, inside.
const MYSQL: &[&str] = &[
    "SELECT 'name', IF(r.routine_schema = DATABASE(), r.routine_name, \
     CONCAT(r.routine_schema, '.', r.routine_name)), \
     CONCAT('(', COALESCE((SELECT GROUP_CONCAT(p.parameter_name) \
     FROM information_schema.parameters p WHERE p.specific_schema = r.routine_schema \
     AND p.specific_name = r.specific_name), ''), ') ', r.routine_definition, \
     IF(r.routine_schema = DATABASE(), '', CONCAT(' /* ', r.routine_schema, ' */'))) \
     FROM information_schema.routines r \
     WHERE r.routine_schema NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')",
    "SELECT 'change', IF(trigger_schema = DATABASE(), event_object_table, \
     CONCAT(trigger_schema, '.', event_object_table)), CONCAT(action_statement, \
     IF(trigger_schema = DATABASE(), '', CONCAT(' /* ', trigger_schema, ' */'))) \
     FROM information_schema.triggers \
     WHERE trigger_schema NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')",
    // A view's text names databases itself.
    "SELECT 'name', IF(table_schema = DATABASE(), table_name, \
     CONCAT(table_schema, '.', table_name)), view_definition FROM information_schema.views \
     WHERE table_schema NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')",
];
