//! What code the database has that statements run without showing it.

use crate::database::{Connection, DatabaseError};
use crate::script::Hidden;

/// Asks a database for its routines, triggers and views.
pub fn read_hidden(connection: &mut (dyn Connection + '_)) -> Result<Hidden, DatabaseError> {
    let dialect = connection.dialect();
    let mut res = Hidden::default();
    for query in Hidden::queries(dialect) {
        let rows = match connection.query(query) {
            Ok(rows) => rows,
            // What speaks the protocol alone may not know these tables.
            Err(DatabaseError::Sql(_)) => continue,
            Err(error) => return Err(error),
        };
        for row in rows {
            if let [Some(kind), Some(name), text] = row.as_slice() {
                res.take(kind, name, text.as_deref(), dialect);
            }
        }
    }
    Ok(res)
}
