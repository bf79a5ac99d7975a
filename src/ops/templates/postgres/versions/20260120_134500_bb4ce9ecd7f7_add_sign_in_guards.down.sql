-- add sign in guards (down)

-- The index and the check go with their columns.
ALTER TABLE users
    DROP COLUMN tokens_valid_from,
    DROP COLUMN locked_until,
    DROP COLUMN failed_sign_ins;
