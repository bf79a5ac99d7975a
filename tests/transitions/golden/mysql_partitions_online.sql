-- up

-- Add column t.b
--   changes t and none of its rows
ALTER TABLE `t` ADD COLUMN `b` int(11) DEFAULT NULL, ALGORITHM=INSTANT, LOCK=NONE;

-- Divide t into partitions
--   locks t against writes while all of it is copied
ALTER TABLE `t` PARTITION BY HASH (`id`)
PARTITIONS 2;

-- down

-- Remove the partitions of t
--   locks t against writes while all of it is copied
ALTER TABLE `t` REMOVE PARTITIONING;

-- Drop column t.b
--   changes t and none of its rows
-- DESTRUCTIVE: drops column t.b with its values
ALTER TABLE `t` DROP COLUMN `b`, ALGORITHM=INSTANT, LOCK=NONE;
