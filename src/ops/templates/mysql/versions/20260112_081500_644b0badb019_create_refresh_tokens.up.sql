-- create refresh tokens
--
-- Revision ID: 644b0badb019
-- Revises: ab782ebbbf71
-- Create Date: 2026-01-12T08:15:00Z

-- One sign-in begins a family, and each refresh replaces its live token by the
-- next. A replaced token that comes back was stolen: revoke the whole family.
CREATE TABLE refresh_tokens (
    id            BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    user_id       BIGINT UNSIGNED NOT NULL,
    family        VARCHAR(64)     NOT NULL
                  COMMENT 'The sign-in that the token goes back to',
    -- The token is random, so a fast hash is enough. (VARBINARY, for BINARY would
    -- fill up what is too short, unnoticed.)
    token_hash    VARBINARY(32)   NOT NULL COMMENT 'SHA-256 of the token, which is not stored',
    issued_at     DATETIME(6)     NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    expires_at    DATETIME(6)     NOT NULL,
    revoked_at    DATETIME(6),
    revoke_reason VARCHAR(16),
    replaced_by   BIGINT UNSIGNED,
    -- NULL once revoked, and a unique key takes any number of NULLs.
    live_family   VARCHAR(64)
                  GENERATED ALWAYS AS (IF(revoked_at IS NULL, family, NULL)) STORED,
    PRIMARY KEY (id),
    UNIQUE KEY refresh_tokens_hash_key (token_hash),
    UNIQUE KEY refresh_tokens_replaced_by_key (replaced_by),
    -- One live token a family: of two refreshes at once, the second fails. So
    -- revoke the old token, insert the new one, then set replaced_by of the old.
    UNIQUE KEY refresh_tokens_one_live (live_family),
    KEY refresh_tokens_by_user (user_id),
    KEY refresh_tokens_by_expiry (expires_at),
    CONSTRAINT refresh_tokens_user_fkey
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT refresh_tokens_replaced_by_fkey
    FOREIGN KEY (replaced_by) REFERENCES refresh_tokens (id) ON DELETE SET NULL,
    CONSTRAINT refresh_tokens_family_check CHECK (family <> ''),
    CONSTRAINT refresh_tokens_token_hash_check CHECK (LENGTH(token_hash) = 32),
    CONSTRAINT refresh_tokens_revoke_reason_check
    CHECK (revoke_reason IN ('rotated', 'signed_out', 'reused', 'by_admin')),
    CONSTRAINT refresh_tokens_period_check CHECK (expires_at > issued_at),
    CONSTRAINT refresh_tokens_revoked_check
    CHECK ((revoked_at IS NULL) = (revoke_reason IS NULL))
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- A CHECK can't name replaced_by, which a foreign key may set to NULL, nor id,
-- which is counted up: what they promise is kept by the triggers.
DELIMITER //

CREATE TRIGGER refresh_tokens_replaced_check
BEFORE INSERT ON refresh_tokens
FOR EACH ROW
BEGIN
    IF NEW.replaced_by IS NOT NULL AND (NEW.revoked_at IS NULL OR NEW.replaced_by = NEW.id) THEN
        SIGNAL SQLSTATE '45000'
        SET MESSAGE_TEXT = 'a refresh token is replaced by another one, once it is revoked';
    END IF;
END//

CREATE TRIGGER refresh_tokens_stay_revoked
BEFORE UPDATE ON refresh_tokens
FOR EACH ROW
BEGIN
    IF OLD.revoked_at IS NOT NULL AND NOT (NEW.revoked_at <=> OLD.revoked_at) THEN
        SIGNAL SQLSTATE '45000'
        SET MESSAGE_TEXT = 'a revoked refresh token stays revoked; issue a new one';
    END IF;
    IF NEW.replaced_by IS NOT NULL AND (NEW.revoked_at IS NULL OR NEW.replaced_by = NEW.id) THEN
        SIGNAL SQLSTATE '45000'
        SET MESSAGE_TEXT = 'a refresh token is replaced by another one, once it is revoked';
    END IF;
END//

DELIMITER ;
