-- create signing keys
--
-- Revision ID: ab782ebbbf71
-- Revises: 3e6093e7bbdc
-- Create Date: 2026-01-08T14:05:00Z
-- Branch Labels: tokens

-- The way of a key: pending (published, not used yet), active (signs), retired
-- (still verifies what it signed), or revoked (nothing it signed is accepted).
CREATE TABLE signing_keys (
    kid             VARCHAR(255)    NOT NULL,
    algorithm       VARCHAR(16)     NOT NULL,
    public_key      TEXT            NOT NULL,
    private_key_ref VARCHAR(255)    NOT NULL
                    COMMENT 'Where the private key is kept, e.g. a file: never the key',
    state           VARCHAR(16)     NOT NULL DEFAULT 'pending',
    not_before      DATETIME(6)     NOT NULL,
    not_after       DATETIME(6)     NOT NULL,
    revoked_at      DATETIME(6),
    created_at      DATETIME(6)     NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    -- NULL unless active, and a unique key takes any number of NULLs.
    active_slot     TINYINT UNSIGNED GENERATED ALWAYS AS (IF(state = 'active', 1, NULL)) STORED,
    PRIMARY KEY (kid),
    -- One key signs at a time: retire the old one first, in the same transaction.
    UNIQUE KEY signing_keys_one_active (active_slot),
    CONSTRAINT signing_keys_kid_check CHECK (kid <> ''),
    CONSTRAINT signing_keys_algorithm_check
    CHECK (algorithm IN ('EdDSA', 'ES256', 'PS256', 'RS256')),
    CONSTRAINT signing_keys_public_key_check
    CHECK (public_key LIKE '-----BEGIN PUBLIC KEY-----%'),
    CONSTRAINT signing_keys_private_key_ref_check
    CHECK (private_key_ref <> '' AND private_key_ref NOT LIKE '%PRIVATE KEY-----%'),
    CONSTRAINT signing_keys_state_check
    CHECK (state IN ('pending', 'active', 'retired', 'revoked')),
    CONSTRAINT signing_keys_period_check CHECK (not_after > not_before),
    CONSTRAINT signing_keys_revoked_check CHECK ((state = 'revoked') = (revoked_at IS NOT NULL))
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
