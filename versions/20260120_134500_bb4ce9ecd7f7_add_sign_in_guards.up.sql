-- add sign in guards
--
-- Revision ID: bb4ce9ecd7f7
-- Revises: af34d6865650
-- Create Date: 2026-01-20T13:45:00Z

-- A column added to a filled table takes a constant default, or NULL.
ALTER TABLE users ADD COLUMN failed_sign_ins INTEGER NOT NULL DEFAULT 0 CHECK (failed_sign_ins >= 0);
ALTER TABLE users ADD COLUMN locked_until INTEGER;

-- "Sign out everywhere": an access token whose iat is earlier is refused.
ALTER TABLE users ADD COLUMN tokens_valid_from INTEGER NOT NULL DEFAULT 0;

CREATE INDEX users_locked ON users (locked_until) WHERE locked_until IS NOT NULL;
