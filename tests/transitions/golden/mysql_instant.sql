-- up

-- Change table t
--   changes t and none of its rows: ALGORITHM=INSTANT, LOCK=NONE
ALTER TABLE `t`
  MODIFY COLUMN `a` int(11) DEFAULT 5,
  MODIFY COLUMN `b` varchar(300) DEFAULT NULL,
  ADD COLUMN `c` int(11) DEFAULT NULL,
  COMMENT='a table';

-- down

-- Change table t
--   locks t against writes while all of it is copied: ALGORITHM=COPY, LOCK=SHARED
-- DESTRUCTIVE: drops column t.c with its values
ALTER TABLE `t`
  DROP COLUMN `c`,
  MODIFY COLUMN `a` int(11) DEFAULT NULL,
  MODIFY COLUMN `b` varchar(10) DEFAULT NULL,
  COMMENT='';
