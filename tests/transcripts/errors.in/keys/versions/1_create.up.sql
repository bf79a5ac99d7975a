-- create authors and books
--
-- Revision ID: 3f2a9c81d0e4
-- Revises:
-- Create Date: 2026-03-15T12:00:00Z

CREATE TABLE authors (id INTEGER PRIMARY KEY);
CREATE TABLE books (
    id     INTEGER PRIMARY KEY,
    author INTEGER REFERENCES authors (id)
);
INSERT INTO authors (id) VALUES (1);
INSERT INTO books (id, author) VALUES (1, 1);
