-- add sign in guards (down)

-- A column can't be dropped while an index names it.
DROP INDEX users_locked;

ALTER TABLE users DROP COLUMN tokens_valid_from;
ALTER TABLE users DROP COLUMN locked_until;
ALTER TABLE users DROP COLUMN failed_sign_ins;
