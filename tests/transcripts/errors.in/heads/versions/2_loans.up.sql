-- create loans
--
-- Revision ID: 5c0de1a94b77
-- Revises: 3f2a9c81d0e4
-- Create Date: 2026-03-15T12:00:00Z
-- Branch Labels: loans

