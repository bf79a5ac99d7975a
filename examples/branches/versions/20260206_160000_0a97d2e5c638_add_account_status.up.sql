-- add account status
--
-- Revision ID: 0a97d2e5c638
-- Revises: 71f3a8d95b04
-- Create Date: 2026-02-06T16:00:00Z

ALTER TABLE accounts ADD COLUMN closed INTEGER NOT NULL DEFAULT 0 CHECK (closed IN (0, 1));
