//! The attributes that objects of every engine have.

/// The name of something that is said of an object. Each engine has further ones of its own.
pub type Attribute = &'static str;

/// The query of a view, or what a trigger does.
pub const BODY: Attribute = "body";
/// The columns of a key or an index, and what an index has in place of one.
pub const COLUMNS: Attribute = "columns";
/// The expression of a CHECK constraint; of an index, that one of its columns is an expression.
pub const EXPRESSION: Attribute = "expression";
/// Whether an index or a key doesn't work, because its build has failed.
pub const INVALID: Attribute = "invalid";
/// Whether a column refuses NULL.
pub const NOT_NULL: Attribute = "not null";
/// The action on rows that refer to a deleted row.
pub const ON_DELETE: Attribute = "on delete";
/// The action on rows that refer to an updated row.
pub const ON_UPDATE: Attribute = "on update";
/// The table that a foreign key refers to, and the columns there, which alone are its list.
pub const REFERENCES: Attribute = "references";
pub const TYPE: Attribute = "type";
/// Whether an index refuses duplicates.
pub const UNIQUE: Attribute = "unique";
/// The condition of the rows that an index holds.
pub const WHERE: Attribute = "where";
