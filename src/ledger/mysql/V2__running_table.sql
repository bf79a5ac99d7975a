CREATE TABLE IF NOT EXISTS {running} (
    slot TINYINT NOT NULL PRIMARY KEY,
    revision VARCHAR(255) NOT NULL,
    operation VARCHAR(16) NOT NULL,
    statements BIGINT NOT NULL,
    begun BIGINT NOT NULL,
    done BIGINT NOT NULL,
    begun_digest VARCHAR(255) NOT NULL,
    done_digest VARCHAR(255) NOT NULL,
    process TEXT NOT NULL,
    begun_at VARCHAR(64) NOT NULL,
    catalog TEXT
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
