-- up

-- Keep the values of column t.g
--   locks t against writes while all of it is rebuilt: ALGORITHM=INPLACE, LOCK=SHARED
ALTER TABLE `t` ADD COLUMN `_migrate_new_g` bigint(20) NULL;
UPDATE `t` SET `_migrate_new_g` = `g`, `at` = `at`;

-- Change table t
--   locks t against writes while all of it is copied: ALGORITHM=COPY, LOCK=SHARED
-- Fails if rows don't fit: column t.g becomes NOT NULL. To find them: SELECT * FROM `t` WHERE `g` IS NULL
ALTER TABLE `t`
  DROP KEY `g`,
  DROP COLUMN `g`,
  CHANGE COLUMN `_migrate_new_g` `g` bigint(20) NOT NULL DEFAULT 3 COMMENT 'x' AFTER `a`,
  ADD KEY `g` (`g`);

-- down

-- Change table t
--   locks t against writes while all of it is copied: ALGORITHM=COPY, LOCK=SHARED
-- DESTRUCTIVE: drops column t.g with its values
ALTER TABLE `t`
  DROP KEY `g`,
  DROP COLUMN `g`,
  ADD COLUMN `g` bigint(20) GENERATED ALWAYS AS (`id` + 1) VIRTUAL COMMENT 'x' AFTER `a`,
  ADD KEY `g` (`g`);
