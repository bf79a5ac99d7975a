-- create accounts
--
-- Revision ID: 5d0c61a3f7e2
-- Revises:
-- Create Date: 2026-02-02T09:00:00Z
-- Branch Labels: accounts

CREATE TABLE accounts (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL
) STRICT;
