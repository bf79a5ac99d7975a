//! The pieces of an answer, as they come in.

use tokio_postgres::SimpleQueryMessage;
use tokio_postgres::error::DbError;

use crate::database::Row;
use crate::database::postgres::fault;
use crate::database::postgres::stream::Watch;

/// What the server answered to a message.
#[derive(Default)]
pub(super) struct Answer {
    /// How many statements it completed.
    pub(super) completed: usize,
    pub(super) rows: Vec<Row>,
    /// How many rows the last statement changed.
    pub(super) changed: u64,
    pub(super) error: Option<Fault>,
}

/// Why a message was not answered as wanted.
pub(super) enum Fault {
    /// The server refused a statement.
    Server(Box<DbError>),
    /// The server would have to be sent data, or sends some.
    Copy,
    /// The connection is gone.
    Lost(String),
    /// The message could not be sent at all.
    Unsent(String),
}

impl Answer {
    /// Takes a piece of the answer; tells whether nothing more can come.
    pub(super) fn take(
        &mut self,
        item: Result<SimpleQueryMessage, tokio_postgres::Error>,
        keep: bool,
        watch: &Watch,
    ) -> bool {
        match item {
            Ok(SimpleQueryMessage::CommandComplete(rows)) => {
                self.completed += 1;
                self.changed = rows;
                false
            }
            Ok(SimpleQueryMessage::Row(row)) => {
                if keep {
                    let values = (0..row.len()).map(|at| row.get(at).map(str::to_owned));
                    self.rows.push(values.collect());
                }
                false
            }
            Ok(_) => false,
            Err(error) => self.fail(&error, watch),
        }
    }

    fn fail(&mut self, error: &tokio_postgres::Error, watch: &Watch) -> bool {
        let (fault, is_end) = if let Some(error) = error.as_db_error() {
            // The rest is read on, up to where the server is ready again.
            (Fault::Server(Box::new(error.clone())), false)
        } else if watch.take_fed() {
            return false;
        } else if watch.takes_data() {
            (Fault::Copy, true)
        } else if watch.take_sends_data() || matches!(self.error, Some(Fault::Copy)) {
            (Fault::Copy, error.is_closed())
        } else {
            (Fault::Lost(fault::chain(error)), true)
        };
        self.error.get_or_insert(fault);
        is_end
    }
}
