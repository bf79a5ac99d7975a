-- create roles and user roles (down)

DROP TABLE user_roles;
DROP TABLE roles;
