-- Rebuild table seats
--   drop UNIQUE (holder) of seats
-- DESTRUCTIVE: drops column seats.holder with its values
CREATE TABLE _migrate_new_seats (
    place TEXT PRIMARY KEY,
    price INTEGER
);
INSERT INTO _migrate_new_seats (rowid, place, price)
SELECT rowid, place, price
FROM seats
ORDER BY rowid;
DROP TABLE seats;
ALTER TABLE _migrate_new_seats RENAME TO seats;
