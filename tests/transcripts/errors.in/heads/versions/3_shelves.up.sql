-- create shelves
--
-- Revision ID: 6d11f0b3a2c8
-- Revises: 3f2a9c81d0e4
-- Create Date: 2026-03-15T12:00:00Z

