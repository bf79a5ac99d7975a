-- create users table
--
-- Revision ID: 3e6093e7bbdc
-- Revises:
-- Create Date: 2026-01-05T09:00:00Z

-- Times are timestamptz: a moment, whatever zone a session shows it in. iat, nbf
-- and exp in a token count seconds since 1970: compare them through to_timestamp().
CREATE TABLE users (
    id                bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- The `sub` claim: it tells nobody how many users there are, as an id would.
    subject           uuid        NOT NULL DEFAULT gen_random_uuid() UNIQUE,
    -- Spelled as the user spells it; users_email_key decides what is the same.
    email             text        NOT NULL
                      CHECK (email LIKE '_%@_%' AND email NOT LIKE '% %' AND length(email) <= 254),
    email_verified_at timestamptz,
    -- A whole PHC string, so that the parameters can be raised user by user.
    password_hash     text        NOT NULL
                      CHECK (password_hash LIKE '$argon2id$v=%$m=%,t=%,p=%$_%$_%'),
    disabled_at       timestamptz,
    created_at        timestamptz NOT NULL DEFAULT now(),
    updated_at        timestamptz NOT NULL DEFAULT now()
);

COMMENT ON COLUMN users.subject IS 'The sub claim; never changes';
COMMENT ON COLUMN users.password_hash IS 'A PHC string: parameters, salt and hash';

-- Look a user up by the same expression: WHERE lower(email) = lower($1).
CREATE UNIQUE INDEX users_email_key ON users (lower(email));

CREATE FUNCTION users_touch() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    NEW.updated_at := greatest(OLD.updated_at, now());
    RETURN NEW;
END;
$$;

-- A statement that moves updated_at itself has its way.
CREATE TRIGGER users_touch
BEFORE UPDATE OF email, email_verified_at, password_hash, disabled_at ON users
FOR EACH ROW
WHEN (NEW.updated_at = OLD.updated_at)
EXECUTE FUNCTION users_touch();
