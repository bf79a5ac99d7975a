-- add account email (down)

ALTER TABLE accounts DROP COLUMN email;
