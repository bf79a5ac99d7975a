-- create revoked access tokens
--
-- Revision ID: fa2c62c3e1f9
-- Revises: 644b0badb019
-- Create Date: 2026-01-14T16:00:00Z

-- Access tokens that are refused before their time. A row may be deleted once
-- expires_at is past, for then the token is refused anyhow. The row outlives
-- its user: the token of a deleted account must not become good again.
CREATE TABLE revoked_access_tokens (
    jti        VARCHAR(255)    NOT NULL,
    user_id    BIGINT UNSIGNED,
    expires_at DATETIME(6)     NOT NULL,
    revoked_at DATETIME(6)     NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    PRIMARY KEY (jti),
    KEY revoked_access_tokens_by_expiry (expires_at),
    KEY revoked_access_tokens_by_user (user_id),
    CONSTRAINT revoked_access_tokens_user_fkey
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE SET NULL,
    CONSTRAINT revoked_access_tokens_jti_check CHECK (jti <> '')
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
