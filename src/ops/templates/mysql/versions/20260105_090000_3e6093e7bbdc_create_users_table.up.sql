-- create users table
--
-- Revision ID: 3e6093e7bbdc
-- Revises:
-- Create Date: 2026-01-05T09:00:00Z

-- For MySQL from 8.0.16 (CHECK) and MariaDB from 10.10 (RANDOM_BYTES).
--
-- Times are DATETIME in UTC, unlike TIMESTAMP, which follows the session's time
-- zone and ends in 2038. Write and compare them with UTC_TIMESTAMP(6), not NOW().
CREATE TABLE users (
    id                BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    -- Random, so never handed out twice.
    subject           CHAR(32)        NOT NULL
                      DEFAULT (LOWER(HEX(RANDOM_BYTES(16)))) COMMENT 'The sub claim; never changes',
    -- The collation takes A for a, and also é for e. So mail goes to the address
    -- that is stored, never to the one that was typed in.
    email             VARCHAR(254)    NOT NULL COLLATE utf8mb4_general_ci,
    email_verified_at DATETIME(6),
    -- A whole PHC string, so that the parameters can be raised user by user.
    password_hash     VARCHAR(255)    NOT NULL
                      COMMENT 'A PHC string: parameters, salt and hash',
    disabled_at       DATETIME(6),
    created_at        DATETIME(6)     NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    updated_at        DATETIME(6)     NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    PRIMARY KEY (id),
    UNIQUE KEY users_subject_key (subject),
    UNIQUE KEY users_email_key (email),
    CONSTRAINT users_subject_check CHECK (LENGTH(subject) = 32),
    CONSTRAINT users_email_check CHECK (email LIKE '_%@_%' AND email NOT LIKE '% %'),
    CONSTRAINT users_password_hash_check
    CHECK (password_hash LIKE '$argon2id$v=%$m=%,t=%,p=%$_%$_%')
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- ON UPDATE CURRENT_TIMESTAMP would count every column, and in the session's zone.
-- A statement that moves updated_at itself has its way. (With a binary log MySQL
-- lets only an administrator make triggers, unless log_bin_trust_function_creators
-- is on.)
CREATE TRIGGER users_touch
BEFORE UPDATE ON users
FOR EACH ROW
SET NEW.updated_at = IF(
    NEW.updated_at = OLD.updated_at
    AND NOT (
        NEW.email COLLATE utf8mb4_bin <=> OLD.email COLLATE utf8mb4_bin
        AND NEW.email_verified_at <=> OLD.email_verified_at
        AND NEW.password_hash <=> OLD.password_hash
        AND NEW.disabled_at <=> OLD.disabled_at
    ),
    GREATEST(OLD.updated_at, UTC_TIMESTAMP(6)),
    NEW.updated_at
);
