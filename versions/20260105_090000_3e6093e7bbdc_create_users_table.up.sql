-- create users table
--
-- Revision ID: 3e6093e7bbdc
-- Revises:
-- Create Date: 2026-01-05T09:00:00Z

-- Times are integers, seconds since 1970 in UTC, because iat, nbf and exp in a
-- token are the same: they compare as they are, with no parsing and no zone.
-- (strftime, not unixepoch(), which came with SQLite 3.38.)
CREATE TABLE users (
    id                INTEGER PRIMARY KEY,
    -- The `sub` claim. SQLite may give the id of a deleted user to a new one;
    -- a random subject is never handed out twice.
    subject           TEXT    NOT NULL DEFAULT (lower(hex(randomblob(16))))
                      CHECK (length(subject) = 32),
    -- NOCASE folds A-Z only: bring other letters to one form before storing.
    email             TEXT    NOT NULL COLLATE NOCASE
                      CHECK (email LIKE '_%@_%' AND email NOT LIKE '% %' AND length(email) <= 254),
    email_verified_at INTEGER,
    -- A whole PHC string, so that the parameters can be raised user by user.
    password_hash     TEXT    NOT NULL
                      CHECK (password_hash GLOB '$argon2id$v=*$m=*,t=*,p=*$?*$?*'),
    disabled_at       INTEGER,
    created_at        INTEGER NOT NULL DEFAULT (CAST(strftime('%s', 'now') AS INTEGER)),
    updated_at        INTEGER NOT NULL DEFAULT (CAST(strftime('%s', 'now') AS INTEGER))
) STRICT;

CREATE UNIQUE INDEX users_subject_key ON users (subject);
CREATE UNIQUE INDEX users_email_key ON users (email);

-- The columns are named and updated_at is not among them, so the trigger does
-- not set itself off. A statement that moves updated_at itself has its way.
CREATE TRIGGER users_touch
AFTER UPDATE OF email, email_verified_at, password_hash, disabled_at ON users
FOR EACH ROW
WHEN NEW.updated_at = OLD.updated_at
BEGIN
    UPDATE users
    SET updated_at = max(OLD.updated_at, CAST(strftime('%s', 'now') AS INTEGER))
    WHERE id = NEW.id;
END;
