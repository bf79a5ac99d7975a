-- create refresh tokens (down)

-- Everyone has to sign in again.
DROP TABLE refresh_tokens;
DROP FUNCTION refresh_tokens_stay_revoked();
