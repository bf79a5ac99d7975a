-- seed default roles (down)

DELETE FROM user_roles
WHERE origin = 'revision:c83f0c5906a7';

-- A role that the application has granted since then is in use, and stays.
DELETE FROM roles
WHERE origin = 'revision:c83f0c5906a7'
  AND NOT EXISTS (SELECT 1 FROM user_roles WHERE user_roles.role_id = roles.id);
