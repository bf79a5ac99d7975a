CREATE TABLE {table} (
    revision TEXT NOT NULL PRIMARY KEY,
    position INTEGER NOT NULL,
    parents TEXT NOT NULL,
    depends_on TEXT NOT NULL,
    branch_labels TEXT NOT NULL,
    message TEXT NOT NULL,
    options TEXT NOT NULL,
    checksum TEXT NOT NULL,
    down_script TEXT,
    operation TEXT NOT NULL,
    tag TEXT,
    applied_at TEXT NOT NULL,
    applied_by TEXT NOT NULL,
    duration_ms INTEGER
)
