-- add sign in guards
--
-- Revision ID: bb4ce9ecd7f7
-- Revises: af34d6865650
-- Create Date: 2026-01-20T13:45:00Z

-- One statement, for each commits by itself: so it is all there or not at all.
ALTER TABLE users
    ADD COLUMN failed_sign_ins   INT UNSIGNED NOT NULL DEFAULT 0,
    ADD COLUMN locked_until      DATETIME(6),
    -- iat counts whole seconds: cut this to a second before the two are compared, or
    -- a token issued just after "sign out everywhere" is refused as well.
    ADD COLUMN tokens_valid_from DATETIME(6)  NOT NULL DEFAULT '1970-01-01 00:00:00'
    COMMENT 'An access token whose iat is earlier is refused',
    ADD KEY users_locked (locked_until);
