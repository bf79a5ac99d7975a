//! The attributes of objects of MySQL and MariaDB, beside those that objects of every engine have.
//!
//! Texts are the server's own, as SHOW CREATE writes them. The statement of an object stands in
//! [`Object::sql`](crate::catalog::Object): the whole one of a table's line, a view or a program,
//! without what isn't compared. Columns lie in their order, which counts.

use crate::catalog::Attribute;

/// The algorithm of a view, unless the server chooses it.
pub(crate) const ALGORITHM: Attribute = "algorithm";
/// Whether a column numbers its rows.
pub(crate) const AUTO_INCREMENT: Attribute = "auto increment";
/// The next number of a table's column that numbers its rows; aside.
pub(crate) const NEXT_NUMBER: Attribute = "next number";
/// The character set of a column, unless it is that of the table.
pub(crate) const CHARACTER_SET: Attribute = "character set";
/// The client's character set of a view or a program, its collation, and that of the database; aside.
pub(crate) const CLIENT: Attribute = "client";
/// The CHECK condition that belongs to a column.
pub(crate) const COLUMN_CHECK: Attribute = "check";
/// The collation of a column, unless it is that of the table.
pub(crate) const COLLATION: Attribute = "collation";
/// The comment on a table, column or index, as a literal.
pub(crate) const COMMENT: Attribute = "comment";
/// The default of a column: an expression.
pub(crate) const DEFAULT: Attribute = "default";
/// The account in whose name a view or a program runs; aside.
pub(crate) const DEFINER: Attribute = "definer";
/// The definition of a sequence: what stands behind its name.
pub(crate) const DEFINITION: Attribute = "definition";
/// The event of a trigger: `BEFORE INSERT` and so on.
pub(crate) const EVENT: Attribute = "event";
/// The expression of a generated column; for a column of system versioning `ROW START` or `ROW END`.
pub(crate) const GENERATED: Attribute = "generated";
/// How a generated column is kept: `VIRTUAL` or `STORED`.
pub(crate) const GENERATED_KIND: Attribute = "kept";
/// Whether `SELECT *` leaves a column out, or plans of queries an index: the word for it.
pub(crate) const INVISIBLE: Attribute = "invisible";
/// The kind of an index: `FULLTEXT`, `SPATIAL`, `VECTOR`.
pub(crate) const METHOD: Attribute = "method";
/// The mode under which a view or a program was made; aside.
pub(crate) const MODE: Attribute = "sql_mode";
/// Whether a CHECK constraint isn't enforced (MySQL).
pub(crate) const NOT_ENFORCED: Attribute = "not enforced";
/// The options of a table, a list of `NAME=value`; the rest of an index's or a column's text,
/// which has no comment.
pub(crate) const OPTIONS: Attribute = "options";
/// The partitions of a table: from `PARTITION BY` on.
pub(crate) const PARTITIONS: Attribute = "partitions";
/// The periods of a table: a list of `PERIOD FOR …`.
pub(crate) const PERIODS: Attribute = "periods";
/// The number of a trigger among those of its table with the same event, from 1 on; aside.
pub(crate) const POSITION: Attribute = "position";
/// Whether a view runs with the rights of who asks: `INVOKER`.
pub(crate) const SECURITY: Attribute = "security";
/// The value that a column gets when its row is updated.
pub(crate) const UPDATED: Attribute = "on update of the row";
/// Whether a table keeps the history of its rows: `WITH SYSTEM VERSIONING`.
pub(crate) const VERSIONED: Attribute = "versioned";
