-- create roles and user roles
--
-- Revision ID: 912bfc77a9e9
-- Revises: 3e6093e7bbdc
-- Create Date: 2026-01-07T10:30:00Z
-- Branch Labels: roles

-- `origin` says who put a row in: 'app', or 'revision:ID' for a script, which
-- can then take back its own rows and no others.
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
