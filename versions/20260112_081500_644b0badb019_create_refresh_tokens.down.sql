-- create refresh tokens (down)

-- Everyone has to sign in again.
DROP TABLE refresh_tokens;
