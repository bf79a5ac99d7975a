CREATE TABLE {table} (
    revision text NOT NULL PRIMARY KEY,
    position bigint NOT NULL UNIQUE,
    parents text NOT NULL,
    depends_on text NOT NULL,
    branch_labels text NOT NULL,
    message text NOT NULL,
    options text NOT NULL,
    checksum text NOT NULL,
    down_script text,
    operation text NOT NULL,
    tag text,
    applied_at text NOT NULL,
    applied_by text NOT NULL,
    duration_ms bigint
)
