-- create roles and user roles
--
-- Revision ID: 912bfc77a9e9
-- Revises: 3e6093e7bbdc
-- Create Date: 2026-01-07T10:30:00Z
-- Branch Labels: roles

-- `origin` says who put a row in: 'app', or 'revision:ID' for a script, which
-- can then take back its own rows and no others.
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
