-- up

-- Rename column t.a to b
--   changes t and none of its rows: ALGORITHM=INSTANT, LOCK=NONE
ALTER TABLE `t` RENAME COLUMN `a` TO `b`;

-- Replace view v
CREATE OR REPLACE VIEW `v` AS select `t`.`id` AS `id`,`t`.`b` AS `b` from `t`;

-- Replace view w
CREATE OR REPLACE VIEW `w` AS select `v`.`id` AS `id` from `v`;

-- down

-- Rename column t.b to a
--   changes t and none of its rows: ALGORITHM=INSTANT, LOCK=NONE
ALTER TABLE `t` RENAME COLUMN `b` TO `a`;

-- Replace view v
CREATE OR REPLACE VIEW `v` AS select `t`.`id` AS `id`,`t`.`a` AS `a` from `t`;

-- Replace view w
CREATE OR REPLACE VIEW `w` AS select `v`.`id` AS `id` from `v`;
