//! The code in the database that statements run implicitly.

use crate::database::{Connection, DatabaseError};
use crate::script::Hidden;

/// Reads a database's routines, triggers and views.
pub fn read_hidden(connection: &mut (dyn Connection + '_)) -> Result<Hidden, DatabaseError> {
    let dialect = connection.dialect();
    let mut res = Hidden::default();
    for query in Hidden::queries(dialect) {
        let rows = match connection.query(query) {
            Ok(rows) => rows,
            // Compatible servers may lack these tables.
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
