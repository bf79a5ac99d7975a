-- create revoked access tokens
--
-- Revision ID: fa2c62c3e1f9
-- Revises: 644b0badb019
-- Create Date: 2026-01-14T16:00:00Z

-- Access tokens that are refused before their time. A row may be deleted once
-- expires_at is past, for then the token is refused anyhow. The row outlives
-- its user: the token of a deleted account must not become good again.
CREATE TABLE revoked_access_tokens (
    jti        text        PRIMARY KEY CHECK (jti <> ''),
    user_id    bigint      REFERENCES users (id) ON DELETE SET NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX revoked_access_tokens_by_expiry ON revoked_access_tokens (expires_at);
CREATE INDEX revoked_access_tokens_by_user ON revoked_access_tokens (user_id) WHERE user_id IS NOT NULL;
