//! Rows for the proof.
//!
//! A row is planted only if it can go where the script leads, and back. For tables whose rules
//! change, that is tried on temporary tables with the rules of both ends; what has arrived there is
//! what the script has to lead to. Conditions are solved by the server: it is asked for those of
//! many combinations of values with which they hold.

mod answers;
mod concern;
mod ends;
mod facts;
mod filled;
mod links;
mod partitions;
mod rows;
mod sequences;
mod shadow;
mod solve;
mod stand_ins;
mod types;
mod values;

use std::collections::BTreeMap;

use crate::autogenerate::ddl::postgres::plant::answers::Questions;
use crate::autogenerate::ddl::postgres::plant::ends::{Ends, Pair};
use crate::autogenerate::ddl::postgres::plant::facts::{Table, Tables};
use crate::autogenerate::ddl::postgres::plant::filled::{Empty, Watch};
use crate::autogenerate::ddl::postgres::plant::links::Links;
use crate::autogenerate::ddl::postgres::plant::rows::Bed;
use crate::autogenerate::ddl::postgres::plant::shadow::{Maker, Shadow};
use crate::autogenerate::ddl::postgres::plant::stand_ins::StandIns;
use crate::autogenerate::ddl::postgres::plant::types::Types;
use crate::autogenerate::ddl::postgres::write::table::above;
use crate::autogenerate::ddl::{Planted, UNFILLED, UNFOUND};
use crate::autogenerate::proof::Claim;
use crate::autogenerate::{AutogenerateError, Scratch};
use crate::catalog::{Catalog, Id, Object};
use crate::database::{Connection, DatabaseError};
use crate::sql::{Dialect, quote_literal};

/// How many tables get their rows in one transaction: it holds locks on all of them.
const TABLES: usize = 50;

/// The reason for a table without rows whose values don't survive.
const LOST: &str = "no row survives the new type of a column";

/// Inserts rows into the tables of the present catalog, and returns what the database has to answer
/// once scripts have run.
pub(super) fn plant(
    claim: &Claim<'_>,
    present: &mut dyn Scratch,
) -> Result<Planted, AutogenerateError> {
    let ends = Ends::new(claim);
    let connection = present.connection()?;
    let garden = Garden::lay_out(&ends, connection)?;
    let empty = garden.plant(&ends, connection)?;
    let sequences = sequences::raise(&ends, &garden.pairs, connection)?;
    let questions = Questions { ends: &ends, garden: &garden };
    let mut planted = questions.ask(connection)?;
    planted.after_up.extend(sequences.after_up);
    planted.after_down.extend(sequences.after_down);
    (planted.unplanted, planted.rowless) = (empty.tables, empty.columns);
    planted.touched = empty.touched;
    connection.execute("DISCARD TEMP")?;
    connection.execute("COMMIT")?;
    Ok(planted)
}

/// The tables, as they are known before they get rows.
struct Garden<'a> {
    pairs: Vec<Pair<'a>>,
    /// The places of pairs by the ids of the present tables.
    places: BTreeMap<Id, usize>,
    /// The number of tables that get no rows, since they aren't concerned.
    left_out: usize,
    /// The temporary tables of pairs, by the ids of the present tables.
    shadows: BTreeMap<Id, Shadow>,
    types: Types,
    tables: Tables,
}

impl<'a> Garden<'a> {
    /// Makes the temporary tables, and reads what there is; a transaction is open then.
    fn lay_out(ends: &Ends<'a>, connection: &mut dyn Connection) -> Result<Self, DatabaseError> {
        connection.execute("BEGIN")?;
        let path = connection.value("SELECT current_setting('search_path')")?;
        set_path(connection, "")?;
        let stand_ins = StandIns::make(ends, connection)?;
        let mut pairs = ends.pairs();
        let left_out = concern::limit(ends, &mut pairs);
        let mut shadows = BTreeMap::new();
        let mut maker = Maker { ends, types: &stand_ins, connection };
        for (number, pair) in pairs.iter_mut().enumerate() {
            if pair.differs && !pair.stays_empty && pair.is_bed() {
                match maker.make(pair, number)? {
                    Some(shadow) => {
                        shadows.insert(pair.old.id.clone(), shadow);
                    }
                    None => pair.stays_empty = true,
                }
            }
        }
        let (types, tables) = (Types::read(connection)?, Tables::read(connection)?);
        set_path(connection, path.as_deref().unwrap_or_default())?;
        let ids = pairs.iter().map(|it| it.old.id.clone());
        let places = ids.enumerate().map(|(at, id)| (id, at)).collect();
        Ok(Self { pairs, places, left_out, shadows, types, tables })
    }

    /// Inserts the rows; returns the tables that got none.
    fn plant(
        &self,
        ends: &Ends<'a>,
        connection: &mut dyn Connection,
    ) -> Result<Empty, DatabaseError> {
        let mut res = Empty::default();
        let links = Links { ends, garden: self };
        connection.execute("SET CONSTRAINTS ALL IMMEDIATE")?;
        for (at, id) in links.order().iter().enumerate() {
            let Some(pair) = self.pair(id).filter(|it| it.is_bed()) else { continue };
            let Some(table) = self.table(ends.from, id) else { continue };
            if pair.stays_empty {
                res.add(ends, pair, Self::why_empty(ends, pair));
                continue;
            }
            if at % TABLES == TABLES - 1 {
                connection.execute("COMMIT")?;
                connection.execute("BEGIN")?;
                connection.execute("SET CONSTRAINTS ALL IMMEDIATE")?;
            }
            let bed = Bed {
                table,
                shadow: self.shadow(id),
                names: pair.names(),
                links: links.of(pair, table, connection)?,
                guards: links.guards(pair),
            };
            let watch = Watch::begin(ends, pair, connection)?;
            let count = bed.plant(&self.types, connection)?;
            if let Some(watch) = watch {
                res.touched = res.touched.or(watch.end(connection)?);
            }
            if count == 0 {
                res.add(ends, pair, if pair.is_lost(ends) { LOST } else { UNFOUND });
            }
        }
        if self.left_out > 0 {
            res.tables.push(format!("{} tables: the script does nothing to them", self.left_out));
        }
        Ok(res)
    }

    /// Returns the reason why no rows are planted in a table.
    fn why_empty(ends: &Ends<'a>, pair: &Pair<'a>) -> &'static str {
        let is_unfilled = |new: &&Object| ends.claim.unfilled.contains(&new.id.name);
        let above = pair.new.map(|it| above(ends.to, it)).unwrap_or_default();
        if pair.new.iter().chain(&above).any(is_unfilled) {
            UNFILLED
        } else {
            "no table with the wanted rules could be made to try rows on"
        }
    }

    fn pair(&self, old: &Id) -> Option<&Pair<'a>> {
        self.pairs.get(*self.places.get(old)?)
    }

    fn table(&self, catalog: &Catalog, id: &Id) -> Option<&Table> {
        let schema = id.schema.as_ref().or(catalog.home.as_ref());
        let schema = schema.map_or("public", |it| it.as_str());
        self.tables.find(schema, id.name.as_str())
    }

    fn shadow(&self, old: &Id) -> Option<(&Shadow, &Table)> {
        let shadow = self.shadows.get(old)?;
        Some((shadow, self.tables.temporary(&shadow.wanted)?))
    }
}

fn set_path(connection: &mut dyn Connection, path: &str) -> Result<(), DatabaseError> {
    let path = quote_literal(path, Dialect::Postgres);
    connection.execute(&format!("SELECT set_config('search_path', {path}, true)"))
}

/// Runs statements; undoes all of them if the server refuses one.
fn attempt(connection: &mut dyn Connection, statements: &[String]) -> Result<bool, DatabaseError> {
    save(connection)?;
    let statements = statements.iter().map(String::as_str);
    let all: Vec<&str> = statements.chain(["RELEASE plant"]).collect();
    let is_done = connection.execute_all(&all).is_ok();
    if !is_done {
        undo(connection)?;
    }
    Ok(is_done)
}

/// Makes a savepoint, in a message of its own: a syntax error in a message has the server run nothing
/// of it.
fn save(connection: &mut dyn Connection) -> Result<(), DatabaseError> {
    connection.execute("SAVEPOINT plant")
}

/// Undoes everything since the last savepoint, whatever has failed since.
fn undo(connection: &mut dyn Connection) -> Result<(), DatabaseError> {
    let undone = connection.execute_all(&["ROLLBACK TO plant", "RELEASE plant"]);
    undone.map_err(|stopped| stopped.cause)
}
