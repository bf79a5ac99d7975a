-- merge roles and tokens
--
-- Revision ID: af34d6865650
-- Revises: c83f0c5906a7, fa2c62c3e1f9
-- Create Date: 2026-01-16T09:00:00Z

-- Nothing to do: this revision only joins the two branches.
