-- create roles and user roles
--
-- Revision ID: 912bfc77a9e9
-- Revises: 3e6093e7bbdc
-- Create Date: 2026-01-07T10:30:00Z
-- Branch Labels: roles

-- `origin` says who put a row in: 'app', or 'revision:ID' for a script, which
-- can then take back its own rows and no others.
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
