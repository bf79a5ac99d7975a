-- up

-- Drop trigger one: it is made anew below
DROP TRIGGER `one`;

-- Fill column t.b
--   changes t and none of its rows: ALGORITHM=INSTANT, LOCK=NONE
ALTER TABLE `t` ADD COLUMN `b` int(11) NULL;
UPDATE `t` SET `b` = id * 2;

-- Add column t.b
--   leaves t to readers and writers while all of it is rebuilt: ALGORITHM=INPLACE, LOCK=NONE
ALTER TABLE `t` MODIFY COLUMN `b` int(11) NOT NULL;

-- Create trigger one
CREATE TRIGGER `one` BEFORE UPDATE ON `t` FOR EACH ROW SET NEW.a = 77;

-- down

-- Drop column t.b
--   changes t and none of its rows: ALGORITHM=INSTANT, LOCK=NONE
-- DESTRUCTIVE: drops column t.b with its values
ALTER TABLE `t` DROP COLUMN `b`;
