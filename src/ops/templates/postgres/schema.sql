-- The schema as the revisions make it, to read in one place.
--
-- PostgreSQL 13 or later. The default roles are rows, not schema: the revision
-- c83f0c5906a7 puts them in.


-- People ----------------------------------------------------------------------

CREATE TABLE users (
    id                bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subject           uuid        NOT NULL DEFAULT gen_random_uuid() UNIQUE,
    email             text        NOT NULL
                      CHECK (email LIKE '_%@_%' AND email NOT LIKE '% %' AND length(email) <= 254),
    email_verified_at timestamptz,
    password_hash     text        NOT NULL
                      CHECK (password_hash LIKE '$argon2id$v=%$m=%,t=%,p=%$_%$_%'),
    disabled_at       timestamptz,
    created_at        timestamptz NOT NULL DEFAULT now(),
    updated_at        timestamptz NOT NULL DEFAULT now(),
    failed_sign_ins   integer     NOT NULL DEFAULT 0 CHECK (failed_sign_ins >= 0),
    locked_until      timestamptz,
    tokens_valid_from timestamptz NOT NULL DEFAULT to_timestamp(0)
);

COMMENT ON COLUMN users.subject IS 'The sub claim; never changes';
COMMENT ON COLUMN users.password_hash IS 'A PHC string: parameters, salt and hash';
COMMENT ON COLUMN users.tokens_valid_from IS 'An access token whose iat is earlier is refused';

-- Look a user up by the same expression: WHERE lower(email) = lower($1).
CREATE UNIQUE INDEX users_email_key ON users (lower(email));
CREATE INDEX users_locked ON users (locked_until) WHERE locked_until IS NOT NULL;

CREATE FUNCTION users_touch() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    NEW.updated_at := greatest(OLD.updated_at, now());
    RETURN NEW;
END;
$$;

-- Keeps updated_at; counting failed sign-ins is no update of the account.
CREATE TRIGGER users_touch
BEFORE UPDATE OF email, email_verified_at, password_hash, disabled_at ON users
FOR EACH ROW
WHEN (NEW.updated_at = OLD.updated_at)
EXECUTE FUNCTION users_touch();


-- What they may do ------------------------------------------------------------

-- `origin` says who put a row in: 'app', or 'revision:ID' for a script.
CREATE TABLE roles (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name        text        NOT NULL UNIQUE
                CHECK (name ~ '^[a-z]' AND name !~ '[^a-z0-9_]'),
    description text        NOT NULL DEFAULT '',
    origin      text        NOT NULL DEFAULT 'app',
    created_at  timestamptz NOT NULL DEFAULT now()
);

COMMENT ON COLUMN roles.origin IS 'Who put the row in: app, or revision:ID';

-- A user takes the grants along; a role that someone holds can't be deleted.
CREATE TABLE user_roles (
    user_id    bigint      NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role_id    bigint      NOT NULL REFERENCES roles (id) ON DELETE RESTRICT,
    origin     text        NOT NULL DEFAULT 'app',
    granted_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, role_id)
);

COMMENT ON COLUMN user_roles.origin IS 'Who put the row in: app, or revision:ID';

CREATE INDEX user_roles_by_role ON user_roles (role_id);


-- Keys that sign access tokens ------------------------------------------------

-- pending: published only. active: signs. retired: still verifies what it
-- signed. revoked: nothing it signed is accepted.
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

-- One key signs at a time.
CREATE UNIQUE INDEX signing_keys_one_active ON signing_keys (state) WHERE state = 'active';


-- Refresh tokens --------------------------------------------------------------

-- One sign-in begins a family, and each refresh replaces its live token by the
-- next. A replaced token that comes back was stolen: revoke the whole family.
CREATE TABLE refresh_tokens (
    id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id       bigint      NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    family        uuid        NOT NULL,
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

-- One live token a family: of two refreshes at once, the second fails.
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


-- Access tokens refused before their time -------------------------------------

-- A row may be deleted once expires_at is past. It outlives its user: the token
-- of a deleted account must not become good again.
CREATE TABLE revoked_access_tokens (
    jti        text        PRIMARY KEY CHECK (jti <> ''),
    user_id    bigint      REFERENCES users (id) ON DELETE SET NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX revoked_access_tokens_by_expiry ON revoked_access_tokens (expires_at);
CREATE INDEX revoked_access_tokens_by_user ON revoked_access_tokens (user_id) WHERE user_id IS NOT NULL;
