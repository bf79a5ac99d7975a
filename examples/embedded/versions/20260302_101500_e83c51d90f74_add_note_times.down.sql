ALTER TABLE notes DROP COLUMN noted_at;
