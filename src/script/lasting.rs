//! The tables of MySQL without transactions, whose changes survive a rollback.
//!
//! The server is asked once, before a plan is compiled; changes by the plan's own statements are
//! followed here.

use std::collections::BTreeSet;

use crate::script::{Span, Text};
use crate::sql::{
    Splitter, Statement, TableChange, changed_in_program, changed_tables, commits_implicitly,
    mentions, table_change,
};

/// The tables without transactions, as of a point in the plan.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lasting {
    /// The engines that have transactions, in lower case.
    engines: BTreeSet<String>,
    /// The default engine of new tables.
    default: String,
    database: String,
    /// The tables without transactions, and the views and triggered tables that lead to them:
    /// database and name, in lower case.
    tables: BTreeSet<(String, String)>,
}

impl Lasting {
    /// The query for the server's engines and tables: kind, name. Only the URL's database is
    /// included, since looking up a table's engine makes the server open it.
    pub const TABLES: &'static str = "\
        SELECT 'engine', engine FROM information_schema.engines WHERE transactions = 'YES' \
        UNION ALL SELECT 'default', @@default_storage_engine \
        UNION ALL SELECT 'database', DATABASE() \
        UNION ALL SELECT 'table', table_name FROM information_schema.tables \
        WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' AND engine NOT IN \
        (SELECT engine FROM information_schema.engines WHERE transactions = 'YES')";

    /// The query for views and triggers that may lead to such tables: kind, a view or a trigger's
    /// table, its text.
    pub const WAYS: &'static str = "\
        SELECT 'view', table_name, view_definition FROM information_schema.views \
        WHERE table_schema = DATABASE() \
        UNION ALL SELECT 'trigger', event_object_table, action_statement FROM information_schema.triggers \
        WHERE trigger_schema = DATABASE()";

    /// Makes the set from the rows of the query.
    pub fn new<'r>(rows: impl Iterator<Item = (&'r str, &'r str)>) -> Self {
        let mut res = Self::default();
        let mut tables = Vec::new();
        for (kind, name) in rows {
            let name = name.to_lowercase();
            match kind {
                "engine" => drop(res.engines.insert(name)),
                "default" => res.default = name,
                "database" => res.database = name,
                _ => tables.push(name),
            }
        }
        let database = res.database.clone();
        res.tables.extend(tables.into_iter().map(|name| (database.clone(), name)));
        res
    }

    /// Tells whether the database has no such tables.
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }

    /// Adds views and triggers that lead to such tables.
    pub fn follow(&mut self, ways: &[[String; 3]]) {
        let mut found = true;
        while std::mem::take(&mut found) {
            for [kind, name, text] in ways {
                let key = (self.database.clone(), name.to_lowercase());
                let leads = match kind.as_str() {
                    "view" => self.is_named_in(text),
                    _ => self.is_changed_in(text),
                };
                if leads {
                    found = self.tables.insert(key) || found;
                }
            }
        }
    }

    /// Marks the statements of a script whose changes can't be rolled back, and follows its table
    /// definitions.
    pub(super) fn mark(&mut self, text: &Text<'_>, spans: &mut [Span]) {
        for span in spans {
            let statement = text.statement(*span);
            if let Some(Ok(statement)) = Splitter::new(&statement, text.dialect()).next() {
                span.lasts = !span.commits && self.changes(&statement);
                self.take(&statement);
            }
        }
    }

    /// Tells whether a statement changes rows that can't be rolled back.
    fn changes(&self, statement: &Statement<'_>) -> bool {
        !self.is_empty() && changed_tables(statement).iter().any(|name| self.holds(name))
    }

    fn holds(&self, name: &(Option<String>, String)) -> bool {
        self.tables.contains(&self.key(name))
    }

    fn key(&self, (schema, name): &(Option<String>, String)) -> (String, String) {
        let schema = schema.as_ref().map_or_else(|| self.database.clone(), |it| it.to_lowercase());
        (schema, name.to_lowercase())
    }

    fn is_named_in(&self, text: &str) -> bool {
        self.tables.iter().any(|(_, name)| mentions(text, name))
    }

    fn is_changed_in(&self, program: &str) -> bool {
        changed_in_program(program).iter().any(|name| self.holds(name))
    }

    fn take(&mut self, statement: &Statement<'_>) {
        let may_matter = commits_implicitly(statement)
            || statement.begins_with("USE")
            || statement.begins_with("SET");
        let Some(change) = may_matter.then(|| table_change(statement)).flatten() else { return };
        match change {
            TableChange::Made { name, engine, like } => {
                let lasts = match like {
                    Some(like) => self.holds(&like),
                    None => self.is_lasting(engine.as_deref()),
                };
                self.set(&name, lasts);
            }
            TableChange::Engine(name, engine) => {
                let lasts = self.is_lasting(Some(&engine));
                self.set(&name, lasts);
            }
            TableChange::Renamed(names) => {
                for pair in names.chunks_exact(2) {
                    if let [old, new] = pair {
                        let lasts = self.holds(old);
                        self.set(old, false);
                        self.set(new, lasts);
                    }
                }
            }
            TableChange::Dropped(names) => {
                for name in names {
                    self.set(&(None, name), false);
                }
            }
            TableChange::View(name) => {
                let lasts = self.is_named_in(statement.text);
                self.set(&name, lasts);
            }
            TableChange::Trigger(name) if self.is_changed_in(statement.text) => {
                self.set(&name, true);
            }
            TableChange::Trigger(_) => {}
            TableChange::Database(name) => self.database = name.to_lowercase(),
            TableChange::Default(name) => self.default = name.to_lowercase(),
        }
    }

    /// Tells whether an engine has no transactions; an unknown one has them.
    fn is_lasting(&self, engine: Option<&str>) -> bool {
        let engine = engine.map_or_else(|| self.default.clone(), str::to_lowercase);
        !self.engines.is_empty() && !engine.is_empty() && !self.engines.contains(&engine)
    }

    fn set(&mut self, name: &(Option<String>, String), lasts: bool) {
        let key = self.key(name);
        if lasts {
            self.tables.insert(key);
        } else {
            self.tables.remove(&key);
        }
    }
}
