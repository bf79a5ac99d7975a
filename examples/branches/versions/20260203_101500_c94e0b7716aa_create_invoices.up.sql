-- create invoices
--
-- Revision ID: c94e0b7716aa
-- Revises:
-- Create Date: 2026-02-03T10:15:00Z
-- Branch Labels: billing

CREATE TABLE invoices (
    id     INTEGER PRIMARY KEY,
    amount INTEGER NOT NULL CHECK (amount > 0)
) STRICT;
