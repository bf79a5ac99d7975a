-- create signing keys
--
-- Revision ID: ab782ebbbf71
-- Revises: 3e6093e7bbdc
-- Create Date: 2026-01-08T14:05:00Z
-- Branch Labels: tokens

-- The way of a key: pending (published, not used yet), active (signs), retired
-- (still verifies what it signed), or revoked (nothing it signed is accepted).
CREATE TABLE signing_keys (
    kid             TEXT    NOT NULL PRIMARY KEY CHECK (kid <> ''),
    algorithm       TEXT    NOT NULL
                    CHECK (algorithm IN ('EdDSA', 'ES256', 'PS256', 'RS256')),
    public_key      TEXT    NOT NULL
                    CHECK (public_key GLOB '-----BEGIN PUBLIC KEY-----*'),
    -- Where the private key is kept (a file, a name in a key store): never the key.
    private_key_ref TEXT    NOT NULL
                    CHECK (private_key_ref <> '' AND private_key_ref NOT LIKE '%PRIVATE KEY-----%'),
    state           TEXT    NOT NULL DEFAULT 'pending'
                    CHECK (state IN ('pending', 'active', 'retired', 'revoked')),
    not_before      INTEGER NOT NULL,
    not_after       INTEGER NOT NULL,
    revoked_at      INTEGER,
    created_at      INTEGER NOT NULL DEFAULT (CAST(strftime('%s', 'now') AS INTEGER)),
    CHECK (not_after > not_before),
    CHECK ((state = 'revoked') = (revoked_at IS NOT NULL))
) STRICT;

-- One key signs at a time: retire the old one first, in the same transaction.
CREATE UNIQUE INDEX signing_keys_one_active ON signing_keys (state) WHERE state = 'active';
