-- add account email
--
-- Revision ID: 71f3a8d95b04
-- Revises: 5d0c61a3f7e2
-- Create Date: 2026-02-04T11:30:00Z

ALTER TABLE accounts ADD COLUMN email TEXT;
