-- Rebuild table seats
--   add column seats.holder
--   add UNIQUE (holder) to seats
--   seats.holder of rows that are there becomes 'free'
-- Fails if rows don't fit: seats becomes UNIQUE by holder. To find them: SELECT holder, count(*) FROM (SELECT rowid, 'free' AS holder FROM seats) AS seats WHERE holder IS NOT NULL GROUP BY 1 HAVING count(*) > 1
CREATE TABLE _migrate_new_seats (
    place TEXT PRIMARY KEY,
    holder TEXT NOT NULL UNIQUE,
    price INTEGER
);
INSERT INTO _migrate_new_seats (rowid, place, holder, price)
SELECT rowid, place, 'free', price
FROM seats
ORDER BY rowid;
DROP TABLE seats;
ALTER TABLE _migrate_new_seats RENAME TO seats;
