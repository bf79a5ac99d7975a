-- The schema that is wanted, and that the revisions make; `migrate check` says if they differ.
--
-- Times are integers, seconds since 1970 in UTC, like iat, nbf and exp in a
-- token. SQLite 3.37 or later. The default roles are rows, not schema: the
-- revision c83f0c5906a7 puts them in.


-- People ---------------------------------------------------------------------

CREATE TABLE users (
    id                INTEGER PRIMARY KEY,
    -- The `sub` claim: random, so never handed out twice, as an id may be.
    subject           TEXT    NOT NULL DEFAULT (lower(hex(randomblob(16))))
                      CHECK (length(subject) = 32),
    -- NOCASE folds A-Z only: bring other letters to one form before storing.
    email             TEXT    NOT NULL COLLATE NOCASE
                      CHECK (email LIKE '_%@_%' AND email NOT LIKE '% %' AND length(email) <= 254),
    email_verified_at INTEGER,
    -- A whole PHC string, parameters and salt included.
    password_hash     TEXT    NOT NULL
                      CHECK (password_hash GLOB '$argon2id$v=*$m=*,t=*,p=*$?*$?*'),
    disabled_at       INTEGER,
    created_at        INTEGER NOT NULL DEFAULT (CAST(strftime('%s', 'now') AS INTEGER)),
    updated_at        INTEGER NOT NULL DEFAULT (CAST(strftime('%s', 'now') AS INTEGER)),
    failed_sign_ins   INTEGER NOT NULL DEFAULT 0 CHECK (failed_sign_ins >= 0),
    locked_until      INTEGER,
    -- An access token whose iat is earlier is refused.
    tokens_valid_from INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE UNIQUE INDEX users_subject_key ON users (subject);
CREATE UNIQUE INDEX users_email_key ON users (email);
CREATE INDEX users_locked ON users (locked_until) WHERE locked_until IS NOT NULL;

-- Keeps updated_at; counting failed sign-ins is no update of the account.
CREATE TRIGGER users_touch
AFTER UPDATE OF email, email_verified_at, password_hash, disabled_at ON users
FOR EACH ROW
WHEN NEW.updated_at = OLD.updated_at
BEGIN
    UPDATE users
    SET updated_at = max(OLD.updated_at, CAST(strftime('%s', 'now') AS INTEGER))
    WHERE id = NEW.id;
END;


-- What they may do -----------------------------------------------------------

-- `origin` says who put a row in: 'app', or 'revision:ID' for a script.
CREATE TABLE roles (
    id          INTEGER PRIMARY KEY,
    name        TEXT    NOT NULL
                CHECK (name GLOB '[a-z]*' AND name NOT GLOB '*[^a-z0-9_]*'),
    description TEXT    NOT NULL DEFAULT '',
    origin      TEXT    NOT NULL DEFAULT 'app',
    created_at  INTEGER NOT NULL DEFAULT (CAST(strftime('%s', 'now') AS INTEGER))
) STRICT;

CREATE UNIQUE INDEX roles_name_key ON roles (name);

-- A user takes the grants along; a role that someone holds can't be deleted.
CREATE TABLE user_roles (
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role_id    INTEGER NOT NULL REFERENCES roles (id) ON DELETE RESTRICT,
    origin     TEXT    NOT NULL DEFAULT 'app',
    granted_at INTEGER NOT NULL DEFAULT (CAST(strftime('%s', 'now') AS INTEGER)),
    PRIMARY KEY (user_id, role_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX user_roles_by_role ON user_roles (role_id);


-- Keys that sign access tokens -----------------------------------------------

-- pending: published only. active: signs. retired: still verifies what it
-- signed. revoked: nothing it signed is accepted.
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

-- One key signs at a time.
CREATE UNIQUE INDEX signing_keys_one_active ON signing_keys (state) WHERE state = 'active';


-- Refresh tokens -------------------------------------------------------------

-- One sign-in begins a family, and each refresh replaces its live token by the
-- next. A replaced token that comes back was stolen: revoke the whole family.
CREATE TABLE refresh_tokens (
    id            INTEGER PRIMARY KEY,
    user_id       INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    family        TEXT    NOT NULL CHECK (family <> ''),
    -- SHA-256 of the token; the token itself is not stored.
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

-- One live token a family: of two refreshes at once, the second fails.
CREATE UNIQUE INDEX refresh_tokens_one_live ON refresh_tokens (family) WHERE revoked_at IS NULL;

CREATE TRIGGER refresh_tokens_stay_revoked
BEFORE UPDATE OF revoked_at ON refresh_tokens
FOR EACH ROW
WHEN OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS NOT OLD.revoked_at
BEGIN
    SELECT RAISE(ABORT, 'a revoked refresh token stays revoked; issue a new one');
END;


-- Access tokens refused before their time ------------------------------------

-- A row may be deleted once expires_at is past. It outlives its user: the token
-- of a deleted account must not become good again.
CREATE TABLE revoked_access_tokens (
    jti        TEXT    NOT NULL PRIMARY KEY CHECK (jti <> ''),
    user_id    INTEGER REFERENCES users (id) ON DELETE SET NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER NOT NULL DEFAULT (CAST(strftime('%s', 'now') AS INTEGER))
) STRICT, WITHOUT ROWID;

CREATE INDEX revoked_access_tokens_by_expiry ON revoked_access_tokens (expires_at);
CREATE INDEX revoked_access_tokens_by_user ON revoked_access_tokens (user_id) WHERE user_id IS NOT NULL;
