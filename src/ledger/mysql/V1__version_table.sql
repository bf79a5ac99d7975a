CREATE TABLE IF NOT EXISTS {table} (
    revision VARCHAR(255) NOT NULL PRIMARY KEY,
    position BIGINT NOT NULL UNIQUE,
    parents TEXT NOT NULL,
    depends_on TEXT NOT NULL,
    branch_labels TEXT NOT NULL,
    message TEXT NOT NULL,
    options TEXT NOT NULL,
    checksum VARCHAR(255) NOT NULL,
    down_script LONGTEXT,
    operation VARCHAR(16) NOT NULL,
    tag TEXT,
    applied_at VARCHAR(64) NOT NULL,
    applied_by VARCHAR(255) NOT NULL,
    duration_ms BIGINT
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
