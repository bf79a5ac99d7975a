//! The information schema of MySQL and MariaDB: the database that the session works in.

use crate::inspect::outline::Queries;

pub(super) const QUERIES: Queries = Queries {
    before: "",
    tables: r"
        SELECT t.table_name, v.view_definition
        FROM information_schema.tables t
        LEFT JOIN information_schema.views v
            ON v.table_schema = t.table_schema AND v.table_name = t.table_name
        WHERE t.table_schema = database() AND t.table_type <> 'SEQUENCE'",
    columns: r"
        SELECT table_name, column_name, column_type, IF(is_nullable = 'NO', '1', '0')
        FROM information_schema.columns
        WHERE table_schema = database()
        ORDER BY table_name, ordinal_position",
    keys: r"
        SELECT s.table_name, s.index_name, IF(s.index_name = 'PRIMARY', 'p', 'u'), s.column_name
        FROM information_schema.statistics s
        WHERE s.table_schema = database() AND s.non_unique = 0
            AND NOT EXISTS (
                SELECT 1 FROM information_schema.statistics e
                WHERE e.table_schema = s.table_schema AND e.table_name = s.table_name
                    AND e.index_name = s.index_name AND e.column_name IS NULL)
        ORDER BY s.table_name, s.index_name = 'PRIMARY' DESC, s.index_name, s.seq_in_index",
    foreign_keys: r"
        SELECT k.table_name, k.constraint_name, k.column_name,
            IF(k.referenced_table_schema = database(), k.referenced_table_name,
                CONCAT(k.referenced_table_schema, '.', k.referenced_table_name)),
            k.referenced_column_name, r.delete_rule, r.update_rule
        FROM information_schema.key_column_usage k
        JOIN information_schema.referential_constraints r
            ON r.constraint_schema = k.constraint_schema
            AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name
        WHERE k.table_schema = database() AND k.referenced_table_name IS NOT NULL
        ORDER BY k.table_name, k.constraint_name, k.ordinal_position",
    indexes: r"
        SELECT table_name, index_name, IF(non_unique = 0, '1', '0'), '0',
            COALESCE(column_name, '(expression)')
        FROM information_schema.statistics
        WHERE table_schema = database() AND index_name <> 'PRIMARY'
        ORDER BY table_name, index_name, seq_in_index",
    triggers: r"
        SELECT event_object_table, trigger_name,
            CONCAT(action_timing, ' ', event_manipulation, ' ON ', event_object_table,
                ' FOR EACH ROW ', action_statement)
        FROM information_schema.triggers
        WHERE trigger_schema = database()
        ORDER BY event_object_table, trigger_name",
};
