-- create notes
--
-- Revision ID: 6d1f40b7a2c9
-- Revises:
-- Create Date: 2026-03-01T09:00:00Z

CREATE TABLE notes (
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL CHECK (text <> '')
);
