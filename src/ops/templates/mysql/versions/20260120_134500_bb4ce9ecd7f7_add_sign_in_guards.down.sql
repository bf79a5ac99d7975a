-- add sign in guards (down)

-- The key goes with its column.
ALTER TABLE users
    DROP COLUMN tokens_valid_from,
    DROP COLUMN locked_until,
    DROP COLUMN failed_sign_ins;
