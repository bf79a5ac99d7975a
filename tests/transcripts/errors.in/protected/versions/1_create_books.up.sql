-- create books
--
-- Revision ID: 3f2a9c81d0e4
-- Revises:
-- Create Date: 2026-03-15T12:00:00Z

CREATE TABLE books (
    id    INTEGER PRIMARY KEY,
    title TEXT NOT NULL
);
