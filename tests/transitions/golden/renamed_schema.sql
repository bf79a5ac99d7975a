-- up

-- Rename schema shop to store
ALTER SCHEMA shop RENAME TO store;

-- down

-- Rename schema store to shop
ALTER SCHEMA store RENAME TO shop;
