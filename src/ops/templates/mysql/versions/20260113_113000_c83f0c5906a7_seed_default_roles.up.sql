-- seed default roles
--
-- Revision ID: c83f0c5906a7
-- Revises: 912bfc77a9e9
-- Create Date: 2026-01-13T11:30:00Z

-- A role or a grant that is there already stays as it is, its origin included.
-- (INSERT IGNORE would pass over every other error as well.)
INSERT INTO roles (name, description, origin)
VALUES
    ('user',  'May sign in and use the application',     'revision:c83f0c5906a7'),
    ('admin', 'May manage users, roles and signing keys', 'revision:c83f0c5906a7')
ON DUPLICATE KEY UPDATE name = roles.name;

INSERT INTO user_roles (user_id, role_id, origin)
SELECT users.id, roles.id, 'revision:c83f0c5906a7'
FROM users
JOIN roles ON roles.name = 'user'
ON DUPLICATE KEY UPDATE user_id = user_roles.user_id;
