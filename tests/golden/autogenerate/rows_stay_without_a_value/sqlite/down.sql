-- Rebuild table scores
--   change column scores.score: type INTEGER becomes REAL, is generated no more
--   change the primary key of scores
--   make scores WITHOUT ROWID
-- Fails if rows don't fit: scores.score becomes NOT NULL. To find them: SELECT * FROM scores WHERE score IS NULL
-- Fails if rows don't fit: scores has the primary key (score). To find them: SELECT score, count(*) FROM scores WHERE score IS NOT NULL GROUP BY 1 HAVING count(*) > 1
-- DESTRUCTIVE: drops column scores.label with its values
CREATE TABLE _migrate_new_scores (
    score REAL PRIMARY KEY
) WITHOUT ROWID;
INSERT INTO _migrate_new_scores (score)
SELECT score
FROM scores
ORDER BY rowid;
DROP TABLE scores;
ALTER TABLE _migrate_new_scores RENAME TO scores;
