-- create refresh tokens (down)

-- Everyone has to sign in again. (The triggers go with the table.)
DROP TABLE refresh_tokens;
