-- Rebuild table scores
--   add column scores.score
--   change the primary key of scores
--   make scores WITHOUT ROWID
-- DESTRUCTIVE: drops column scores.id with its values
-- FILL IN: scores.score is NOT NULL and has no default; rows that are there need a value in place of NULL
CREATE TABLE _migrate_new_scores (
    score REAL PRIMARY KEY
) WITHOUT ROWID;
INSERT INTO _migrate_new_scores (score)
SELECT NULL /* FILL IN */
FROM scores
ORDER BY rowid;
DROP TABLE scores;
ALTER TABLE _migrate_new_scores RENAME TO scores;
