-- create refresh tokens
--
-- Revision ID: 644b0badb019
-- Revises: ab782ebbbf71
-- Create Date: 2026-01-12T08:15:00Z

-- One sign-in begins a family, and each refresh replaces its live token by the
-- next. A replaced token that comes back was stolen: revoke the whole family.
CREATE TABLE refresh_tokens (
    id            INTEGER PRIMARY KEY,
    user_id       INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    family        TEXT    NOT NULL CHECK (family <> ''),
    -- SHA-256 of the token. The token is random, so a fast hash is enough.
    token_hash    BLOB    NOT NULL CHECK (length(token_hash) = 32),
    issued_at     INTEGER NOT NULL DEFAULT (CAST(strftime('%s', 'now') AS INTEGER)),
    expires_at    INTEGER NOT NULL,
    revoked_at    INTEGER,
    revoke_reason TEXT
                  CHECK (revoke_reason IN ('rotated', 'signed_out', 'reused', 'by_admin')),
    replaced_by   INTEGER REFERENCES refresh_tokens (id) ON DELETE SET NULL,
    CHECK (expires_at > issued_at),
    CHECK ((revoked_at IS NULL) = (revoke_reason IS NULL)),
    CHECK (replaced_by IS NULL OR (revoked_at IS NOT NULL AND replaced_by <> id))
) STRICT;

CREATE UNIQUE INDEX refresh_tokens_hash_key ON refresh_tokens (token_hash);
CREATE UNIQUE INDEX refresh_tokens_replaced_by_key ON refresh_tokens (replaced_by);
CREATE INDEX refresh_tokens_by_user ON refresh_tokens (user_id);
CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (expires_at);

-- One live token a family: of two refreshes at once, the second fails. So
-- revoke the old token, insert the new one, then set replaced_by of the old.
CREATE UNIQUE INDEX refresh_tokens_one_live ON refresh_tokens (family) WHERE revoked_at IS NULL;

CREATE TRIGGER refresh_tokens_stay_revoked
BEFORE UPDATE OF revoked_at ON refresh_tokens
FOR EACH ROW
WHEN OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS NOT OLD.revoked_at
BEGIN
    SELECT RAISE(ABORT, 'a revoked refresh token stays revoked; issue a new one');
END;
