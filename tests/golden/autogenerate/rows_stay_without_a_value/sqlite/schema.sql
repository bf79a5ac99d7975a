CREATE TABLE scores (
    label TEXT DEFAULT 'none',
    score INTEGER AS (length(label)) VIRTUAL
);
