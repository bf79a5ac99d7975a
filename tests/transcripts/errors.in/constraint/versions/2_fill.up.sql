-- fill books
--
-- Revision ID: 8ab1c2d3e4f5
-- Revises: 3f2a9c81d0e4
-- Create Date: 2026-03-15T12:00:00Z

INSERT INTO books (id, title) VALUES (1, 'Emma');
INSERT INTO books (id, title) VALUES (2, NULL);
