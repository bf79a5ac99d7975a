//! The attributes of PostgreSQL's objects, beside those that objects of every engine have.
//! Expressions and definitions are the server's own text, read with an empty search path.

use crate::catalog::Attribute;

/// The access method of a table, unless it is `heap`.
pub(crate) const ACCESS_METHOD: Attribute = "access method";
/// The arguments of a routine, with their names and defaults.
pub(crate) const ARGUMENTS: Attribute = "arguments";
/// The names of a routine's arguments, separated by commas; aside.
pub(crate) const ARGUMENT_NAMES: Attribute = "argument names";
/// The attributes of a composite type, or the columns of a view: a list of `name<TAB>type`, the type
/// with its COLLATE.
pub(crate) const ATTRIBUTES: Attribute = "attributes";
/// The bound of a partition: `FOR VALUES …` or `DEFAULT`.
pub(crate) const BOUND: Attribute = "bound";
/// The function that makes the canonical form of a range.
pub(crate) const CANONICAL: Attribute = "canonical";
/// Whether a table is clustered by the index, or by that of the constraint.
pub(crate) const CLUSTERED: Attribute = "clustered";
/// A collation that isn't that of the type, quoted and qualified.
pub(crate) const COLLATION: Attribute = "collation";
/// The comments on the columns of a view or a composite type: a list of `name<TAB>text`.
pub(crate) const COLUMN_COMMENTS: Attribute = "column comments";
/// The defaults of the columns of a view: a list of `name<TAB>expression`.
pub(crate) const COLUMN_DEFAULTS: Attribute = "column defaults";
/// The settings of the columns of a materialized view: a list of the name, the clause of ALTER COLUMN
/// and the clause that takes it back, with tabs between them.
pub(crate) const COLUMN_SETTINGS: Attribute = "column settings";
/// The command of a policy: `ALL`, `SELECT` and so on.
pub(crate) const COMMAND: Attribute = "command";
/// The privileges on the columns of a view: a list of the name of the column and an item of [`GRANTS`],
/// with a tab between them.
pub(crate) const COLUMN_GRANTS: Attribute = "privileges on columns";
/// The comment on an object.
pub(crate) const COMMENT: Attribute = "comment";
/// The compression of a column's values: `pglz`, `lz4`.
pub(crate) const COMPRESSION: Attribute = "compression";
/// The character classes of a collation.
pub(crate) const CTYPE: Attribute = "ctype";
/// The default of a domain.
pub(crate) const DEFAULT: Attribute = "default";
/// The definition of a constraint, index, routine, view, trigger, rule or statistics object. A
/// constraint's is what stands behind its name, without NOT VALID and NOT ENFORCED; a view's is its
/// query without a semicolon; an aggregate's is what goes into the second pair of parentheses; of all
/// others it is the whole statement.
pub(crate) const DEFINITION: Attribute = "definition";
/// Whether a collation tells apart all texts that differ in a byte, as most do.
pub(crate) const DETERMINISTIC: Attribute = "deterministic";
/// When a trigger or rule fires, as one letter of the catalog: O, D, R or A.
pub(crate) const ENABLED: Attribute = "enabled";
/// Whether a constraint is enforced; said only if it isn't.
pub(crate) const NOT_ENFORCED: Attribute = "not enforced";
/// The event of an event trigger.
pub(crate) const EVENT: Attribute = "event";
/// Whether the owner of a table is subject to its policies.
pub(crate) const FORCE_RLS: Attribute = "force row security";
/// The function that an event trigger calls, quoted and qualified.
pub(crate) const FUNCTION: Attribute = "function";
/// The expression of a generated column.
pub(crate) const GENERATED: Attribute = "generated";
/// How a generated column is kept: `STORED` or `VIRTUAL`.
pub(crate) const GENERATED_KIND: Attribute = "kept";
/// The privileges on an object in which it differs from a new one of its owner, a list: `GRANT` or
/// `REVOKE`, `GRANT OPTION` if only that is meant, the privilege, and the role, with tabs between them.
pub(crate) const GRANTS: Attribute = "privileges";
/// How a column is an identity: `ALWAYS` or `BY DEFAULT`.
pub(crate) const IDENTITY: Attribute = "identity";
/// The options of an identity's sequence, a list as of [`OPTIONS`] of a sequence.
pub(crate) const IDENTITY_OPTIONS: Attribute = "identity options";
/// The name of an identity's sequence, which is in the schema of its table; aside.
pub(crate) const IDENTITY_SEQUENCE: Attribute = "sequence of the identity";
/// The comment on the index of a constraint.
pub(crate) const INDEX_COMMENT: Attribute = "comment on the index";
/// The names of the indexes that a partition has for those of its parents, a line each; aside.
pub(crate) const INDEXES_OF_PARENTS: Attribute = "indexes of parents";
/// Whether an object came from a parent table and isn't declared in its own; aside.
pub(crate) const INHERITED: Attribute = "inherited";
/// The indexes and constraints that a table has kept from the parents that it left, a line each; aside.
pub(crate) const KEPT: Attribute = "kept from parents";
/// The name that users know of an object which has a temporary one; aside.
pub(crate) const KNOWN_AS: Attribute = "known as";
/// The values of an enum, a list.
pub(crate) const LABELS: Attribute = "labels";
/// The locale of a collation.
pub(crate) const LOCALE: Attribute = "locale";
/// The multirange type of a range type, quoted and qualified.
pub(crate) const MULTIRANGE: Attribute = "multirange";
/// The bare name of a routine, whose id has its argument types as well; aside.
pub(crate) const NAME: Attribute = "name";
/// The composite type that a table is made of, quoted and qualified.
pub(crate) const OF_TYPE: Attribute = "type of rows";
/// The operator class of a range.
pub(crate) const OPCLASS: Attribute = "operator class";
/// The options of an object, a constraint's being those of its index: a list of `name=value`, a toast
/// table's as `toast.name=value`; of a sequence, of its clauses in order:
/// `INCREMENT BY 1`, `MINVALUE 1`, `MAXVALUE 9`, `START WITH 1`, `CACHE 1`, `NO CYCLE`.
pub(crate) const OPTIONS: Attribute = "options";
/// The objects that default privileges are about: `TABLES`; aside.
pub(crate) const OF: Attribute = "of";
/// The role that owns an object, unless it is the one that reads it.
pub(crate) const OWNER: Attribute = "owner";
/// The column that owns a sequence: `schema.table.column`, each quoted where it has to be.
pub(crate) const OWNED_BY: Attribute = "owned by";
/// The parents of a table, a list, quoted and qualified.
pub(crate) const PARENTS: Attribute = "parents";
/// The partition key of a table: `RANGE (a)`.
pub(crate) const PARTITION_KEY: Attribute = "partition key";
/// Whether a policy restricts (`RESTRICTIVE`) or permits (`PERMISSIVE`).
pub(crate) const PERMISSIVE: Attribute = "permissive";
/// Whether a table or sequence is `UNLOGGED`; said only then.
pub(crate) const UNLOGGED: Attribute = "unlogged";
/// Whether a materialized view has rows; aside.
pub(crate) const POPULATED: Attribute = "populated";
/// The provider of a collation: `icu`, `libc`, `builtin`.
pub(crate) const PROVIDER: Attribute = "provider";
/// Whether an extension can be moved to another schema; aside.
pub(crate) const RELOCATABLE: Attribute = "relocatable";
/// The replica identity of a table: `FULL`, `NOTHING`, or `USING INDEX` with a name.
pub(crate) const REPLICA_IDENTITY: Attribute = "replica identity";
/// Whether a column of a parent table refuses NULL, and those of its children needn't; said only then.
pub(crate) const NO_INHERIT: Attribute = "no inherit";
/// The comment on the constraint by which a column or a domain refuses NULL.
pub(crate) const NOT_NULL_COMMENT: Attribute = "comment on NOT NULL";
/// How a column came to refuse NULL, aside: `parent` if only because the one of a parent table does,
/// `both` if it is declared as well; nothing if no parent has a part in it.
pub(crate) const NOT_NULL_FROM: Attribute = "origin of NOT NULL";
/// The name of the constraint by which a column or a domain refuses NULL, where servers have one (from 18
/// on, of domains from 17 on), aside. It is an attribute, too, if it isn't the one that the server makes
/// up, and no parent has a part in it.
pub(crate) const NOT_NULL_NAME: Attribute = "name of NOT NULL";
/// Whether another constraint of the schema has the same name, so that the server wouldn't make it up;
/// aside.
pub(crate) const NOT_NULL_TAKEN: Attribute = "taken name of NOT NULL";
/// The result of a function.
pub(crate) const RESULT: Attribute = "result";
/// Whether a table has row security.
pub(crate) const RLS: Attribute = "row security";
/// The role and the schema of default privileges, as a statement names them; aside.
pub(crate) const REACH: Attribute = "reach";
/// The roles of a policy, a list.
pub(crate) const ROLES: Attribute = "roles";
/// The rules of an ICU collation.
pub(crate) const RULES: Attribute = "rules";
/// The schema of an extension.
pub(crate) const SCHEMA: Attribute = "schema";
/// Whether the expression of a generated column can be changed in place, as from 17 on; aside.
pub(crate) const SETTABLE: Attribute = "settable";
/// The statistics targets: of a column a number; of an index a list of `number=target`.
pub(crate) const STATISTICS: Attribute = "statistics";
/// The storage of a column, where it isn't that of the type: `EXTERNAL` and so on.
pub(crate) const STORAGE: Attribute = "storage";
/// The difference function of a range.
pub(crate) const SUBTYPE_DIFF: Attribute = "subtype difference";
/// The tablespace of a relation, or of a constraint's index.
pub(crate) const TABLESPACE: Attribute = "tablespace";
/// The commands for which an event trigger fires, a list.
pub(crate) const TAGS: Attribute = "tags";
/// The argument types of a routine, separated by commas; aside.
pub(crate) const TYPES: Attribute = "argument types";
/// The rows that a policy shows.
pub(crate) const USING: Attribute = "using";
/// Whether a constraint, or that of a column to refuse NULL, is `NOT VALID`; said only then, and not if
/// it isn't enforced.
pub(crate) const NOT_VALID: Attribute = "not valid";
/// The rows that a policy lets be written.
pub(crate) const WITH_CHECK: Attribute = "with check";
