-- Rebuild table scores
--   add column scores.id
--   change the primary key of scores
--   make scores not WITHOUT ROWID
-- DESTRUCTIVE: drops column scores.score with its values
CREATE TABLE _migrate_new_scores (
    id INTEGER PRIMARY KEY DEFAULT 4
);
INSERT INTO _migrate_new_scores (id)
SELECT NULL
FROM scores;
DROP TABLE scores;
ALTER TABLE _migrate_new_scores RENAME TO scores;
