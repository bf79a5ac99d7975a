-- Rebuild table scores
--   add column scores.label
--   change the primary key of scores
--   make scores not WITHOUT ROWID
-- DESTRUCTIVE: changes column scores.score: type REAL becomes INTEGER, is generated as length(label)
CREATE TABLE _migrate_new_scores (
    label TEXT DEFAULT 'none',
    score INTEGER AS (length(label)) VIRTUAL
);
INSERT INTO _migrate_new_scores (label)
SELECT 'none'
FROM scores;
DROP TABLE scores;
ALTER TABLE _migrate_new_scores RENAME TO scores;
