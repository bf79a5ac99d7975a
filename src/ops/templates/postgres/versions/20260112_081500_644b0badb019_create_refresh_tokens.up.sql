-- create refresh tokens
--
-- Revision ID: 644b0badb019
-- Revises: ab782ebbbf71
-- Create Date: 2026-01-12T08:15:00Z

-- One sign-in begins a family, and each refresh replaces its live token by the
-- next. A replaced token that comes back was stolen: revoke the whole family.
CREATE TABLE refresh_tokens (
    id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id       bigint      NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    family        uuid        NOT NULL,
    -- The token is random, so a fast hash is enough.
    token_hash    bytea       NOT NULL CHECK (octet_length(token_hash) = 32),
    issued_at     timestamptz NOT NULL DEFAULT now(),
    expires_at    timestamptz NOT NULL,
    revoked_at    timestamptz,
    revoke_reason text
                  CHECK (revoke_reason IN ('rotated', 'signed_out', 'reused', 'by_admin')),
    replaced_by   bigint      REFERENCES refresh_tokens (id) ON DELETE SET NULL,
    CONSTRAINT refresh_tokens_hash_key UNIQUE (token_hash),
    CONSTRAINT refresh_tokens_replaced_by_key UNIQUE (replaced_by),
    CONSTRAINT refresh_tokens_period_check CHECK (expires_at > issued_at),
    CONSTRAINT refresh_tokens_revoked_check
    CHECK ((revoked_at IS NULL) = (revoke_reason IS NULL)),
    CONSTRAINT refresh_tokens_replaced_check
    CHECK (replaced_by IS NULL OR (revoked_at IS NOT NULL AND replaced_by <> id))
);

COMMENT ON COLUMN refresh_tokens.family IS 'The sign-in that the token goes back to';
COMMENT ON COLUMN refresh_tokens.token_hash IS 'SHA-256 of the token, which is not stored';

CREATE INDEX refresh_tokens_by_user ON refresh_tokens (user_id);
CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (expires_at);

-- One live token a family: of two refreshes at once, the second fails. So
-- revoke the old token, insert the new one, then set replaced_by of the old.
CREATE UNIQUE INDEX refresh_tokens_one_live ON refresh_tokens (family) WHERE revoked_at IS NULL;

CREATE FUNCTION refresh_tokens_stay_revoked() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION 'a revoked refresh token stays revoked; issue a new one'
    USING ERRCODE = 'integrity_constraint_violation';
END;
$$;

CREATE TRIGGER refresh_tokens_stay_revoked
BEFORE UPDATE OF revoked_at ON refresh_tokens
FOR EACH ROW
WHEN (OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at)
EXECUTE FUNCTION refresh_tokens_stay_revoked();
