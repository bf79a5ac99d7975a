-- add account status (down)

ALTER TABLE accounts DROP COLUMN closed;
