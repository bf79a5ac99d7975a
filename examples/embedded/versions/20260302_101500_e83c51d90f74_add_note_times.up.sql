-- add note times
--
-- Revision ID: e83c51d90f74
-- Revises: 6d1f40b7a2c9
-- Create Date: 2026-03-02T10:15:00Z

ALTER TABLE notes ADD COLUMN noted_at INTEGER;
