-- up

-- Change table t
--   locks t against writes while all of it is copied: ALGORITHM=COPY, LOCK=SHARED
-- DESTRUCTIVE: drops column t.b with its values
-- DESTRUCTIVE: drops column t.c with its values
ALTER TABLE `t`
  DROP COLUMN `b`,
  DROP COLUMN `c`,
  ADD COLUMN `x` int(11) DEFAULT NULL AFTER `id`,
  ADD COLUMN `y` int(11) DEFAULT 4 AFTER `d`,
  MODIFY COLUMN `a` bigint(20) DEFAULT NULL AFTER `y`,
  ADD COLUMN `z` int(11) DEFAULT NULL AFTER `a`;

-- down

-- Change table t
--   locks t against writes while all of it is copied: ALGORITHM=COPY, LOCK=SHARED
-- DESTRUCTIVE: drops column t.x with its values
-- DESTRUCTIVE: drops column t.y with its values
-- DESTRUCTIVE: drops column t.z with its values
ALTER TABLE `t`
  DROP COLUMN `x`,
  DROP COLUMN `y`,
  DROP COLUMN `z`,
  MODIFY COLUMN `a` int(11) DEFAULT NULL,
  ADD COLUMN `b` int(11) DEFAULT NULL AFTER `a`,
  ADD COLUMN `c` int(11) DEFAULT NULL AFTER `b`,
  MODIFY COLUMN `d` int(11) DEFAULT NULL AFTER `c`;
