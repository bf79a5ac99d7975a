-- The things.
CREATE TABLE t (
    id INTEGER PRIMARY KEY, -- the key
    -- renamed from: old
    fresh TEXT, -- what it is called
    /* a number;
       big */
    b BIGINT -- backfill: 1
); -- the end
CREATE VIEW v AS
    -- only the big ones
    SELECT * FROM t WHERE b > 100;
