-- create signing keys
--
-- Revision ID: ab782ebbbf71
-- Revises: 3e6093e7bbdc
-- Create Date: 2026-01-08T14:05:00Z
-- Branch Labels: tokens

-- The way of a key: pending (published, not used yet), active (signs), retired
-- (still verifies what it signed), or revoked (nothing it signed is accepted).
CREATE TABLE signing_keys (
    kid             text        PRIMARY KEY CHECK (kid <> ''),
    algorithm       text        NOT NULL
                    CHECK (algorithm IN ('EdDSA', 'ES256', 'PS256', 'RS256')),
    public_key      text        NOT NULL
                    CHECK (public_key LIKE '-----BEGIN PUBLIC KEY-----%'),
    private_key_ref text        NOT NULL
                    CHECK (private_key_ref <> '' AND private_key_ref NOT ILIKE '%PRIVATE KEY-----%'),
    state           text        NOT NULL DEFAULT 'pending'
                    CHECK (state IN ('pending', 'active', 'retired', 'revoked')),
    not_before      timestamptz NOT NULL,
    not_after       timestamptz NOT NULL,
    revoked_at      timestamptz,
    created_at      timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT signing_keys_period_check CHECK (not_after > not_before),
    CONSTRAINT signing_keys_revoked_check CHECK ((state = 'revoked') = (revoked_at IS NOT NULL))
);

COMMENT ON COLUMN signing_keys.private_key_ref
IS 'Where the private key is kept (a file, a name in a key store): never the key';

-- One key signs at a time: retire the old one first, in the same transaction.
CREATE UNIQUE INDEX signing_keys_one_active ON signing_keys (state) WHERE state = 'active';
