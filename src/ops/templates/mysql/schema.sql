-- The schema as the revisions make it, to read in one place.
--
-- MySQL 8.0.16, MariaDB 10.10, or later. Times are UTC: write and compare them
-- with UTC_TIMESTAMP(6), not NOW(). The default roles are rows, not schema: the
-- revision c83f0c5906a7 puts them in.


-- People ----------------------------------------------------------------------

CREATE TABLE users (
    id                BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    -- Random, so never handed out twice.
    subject           CHAR(32)        NOT NULL
                      DEFAULT (LOWER(HEX(RANDOM_BYTES(16)))) COMMENT 'The sub claim; never changes',
    -- The collation takes A for a, and also é for e. So mail goes to the address
    -- that is stored, never to the one that was typed in.
    email             VARCHAR(254)    NOT NULL COLLATE utf8mb4_general_ci,
    email_verified_at DATETIME(6),
    password_hash     VARCHAR(255)    NOT NULL
                      COMMENT 'A PHC string: parameters, salt and hash',
    disabled_at       DATETIME(6),
    created_at        DATETIME(6)     NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    updated_at        DATETIME(6)     NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    failed_sign_ins   INT UNSIGNED    NOT NULL DEFAULT 0,
    locked_until      DATETIME(6),
    tokens_valid_from DATETIME(6)     NOT NULL DEFAULT '1970-01-01 00:00:00'
                      COMMENT 'An access token whose iat is earlier is refused',
    PRIMARY KEY (id),
    UNIQUE KEY users_subject_key (subject),
    UNIQUE KEY users_email_key (email),
    KEY users_locked (locked_until),
    CONSTRAINT users_subject_check CHECK (LENGTH(subject) = 32),
    CONSTRAINT users_email_check CHECK (email LIKE '_%@_%' AND email NOT LIKE '% %'),
    CONSTRAINT users_password_hash_check
    CHECK (password_hash LIKE '$argon2id$v=%$m=%,t=%,p=%$_%$_%')
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Keeps updated_at; counting failed sign-ins is no update of the account.
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


-- What they may do ------------------------------------------------------------

-- `origin` says who put a row in: 'app', or 'revision:ID' for a script.
CREATE TABLE roles (
    id          BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    name        VARCHAR(64)     NOT NULL,
    description VARCHAR(255)    NOT NULL DEFAULT '',
    origin      VARCHAR(64)     NOT NULL DEFAULT 'app'
                COMMENT 'Who put the row in: app, or revision:ID',
    created_at  DATETIME(6)     NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    PRIMARY KEY (id),
    UNIQUE KEY roles_name_key (name),
    CONSTRAINT roles_name_check CHECK (name REGEXP '^[a-z]' AND name NOT REGEXP '[^a-z0-9_]')
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- A user takes the grants along; a role that someone holds can't be deleted.
CREATE TABLE user_roles (
    user_id    BIGINT UNSIGNED NOT NULL,
    role_id    BIGINT UNSIGNED NOT NULL,
    origin     VARCHAR(64)     NOT NULL DEFAULT 'app'
               COMMENT 'Who put the row in: app, or revision:ID',
    granted_at DATETIME(6)     NOT NULL DEFAULT (UTC_TIMESTAMP(6)),
    PRIMARY KEY (user_id, role_id),
    KEY user_roles_by_role (role_id),
    CONSTRAINT user_roles_user_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT user_roles_role_fkey FOREIGN KEY (role_id) REFERENCES roles (id) ON DELETE RESTRICT
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;


-- Keys that sign access tokens ------------------------------------------------

-- pending: published only. active: signs. retired: still verifies what it
-- signed. revoked: nothing it signed is accepted.
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
    -- One key signs at a time.
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


-- Refresh tokens --------------------------------------------------------------

-- One sign-in begins a family, and each refresh replaces its live token by the
-- next. A replaced token that comes back was stolen: revoke the whole family.
CREATE TABLE refresh_tokens (
    id            BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    user_id       BIGINT UNSIGNED NOT NULL,
    family        VARCHAR(64)     NOT NULL
                  COMMENT 'The sign-in that the token goes back to',
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
    -- One live token a family: of two refreshes at once, the second fails.
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


-- Access tokens refused before their time -------------------------------------

-- A row may be deleted once expires_at is past. It outlives its user: the token
-- of a deleted account must not become good again.
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
