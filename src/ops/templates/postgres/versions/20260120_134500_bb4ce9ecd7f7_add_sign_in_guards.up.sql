-- add sign in guards
--
-- Revision ID: bb4ce9ecd7f7
-- Revises: af34d6865650
-- Create Date: 2026-01-20T13:45:00Z

-- The defaults are constant, so the table is not rewritten; it is locked for a moment.
ALTER TABLE users
    ADD COLUMN failed_sign_ins   integer     NOT NULL DEFAULT 0 CHECK (failed_sign_ins >= 0),
    ADD COLUMN locked_until      timestamptz,
    ADD COLUMN tokens_valid_from timestamptz NOT NULL DEFAULT to_timestamp(0);

-- iat counts whole seconds: cut this to a second before the two are compared, or
-- a token issued just after "sign out everywhere" is refused as well.
COMMENT ON COLUMN users.tokens_valid_from IS 'An access token whose iat is earlier is refused';

CREATE INDEX users_locked ON users (locked_until) WHERE locked_until IS NOT NULL;
