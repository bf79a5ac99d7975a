-- create revoked access tokens (down)

-- Revoked tokens that have not expired are accepted again from here on.
DROP TABLE revoked_access_tokens;
