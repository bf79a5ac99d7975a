-- bill accounts
--
-- Revision ID: e2b86f40c1d9
-- Revises: c94e0b7716aa
-- Create Date: 2026-02-05T14:00:00Z
-- Depends On: 71f3a8d95b04

CREATE TABLE bills (
    invoice INTEGER PRIMARY KEY REFERENCES invoices (id),
    account INTEGER NOT NULL REFERENCES accounts (id)
) STRICT;

CREATE VIEW mailings AS
SELECT bills.invoice, accounts.email
FROM bills JOIN accounts ON accounts.id = bills.account;
