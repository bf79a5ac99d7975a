CREATE TABLE {running} (
    revision text NOT NULL PRIMARY KEY,
    operation text NOT NULL,
    statements bigint NOT NULL,
    begun bigint NOT NULL,
    done bigint NOT NULL,
    begun_digest text NOT NULL,
    done_digest text NOT NULL,
    process text NOT NULL,
    begun_at text NOT NULL,
    catalog text
)
