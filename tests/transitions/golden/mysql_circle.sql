-- up

-- Drop foreign key a_b of a: it comes back below
--   changes a and none of its rows: ALGORITHM=INSTANT, LOCK=NONE
ALTER TABLE `a` DROP FOREIGN KEY `a_b`;

-- Drop foreign key b_a of b: it comes back below
--   changes b and none of its rows: ALGORITHM=INSTANT, LOCK=NONE
ALTER TABLE `b` DROP FOREIGN KEY `b_a`;

-- Change table a
--   locks a against writes while all of it is copied: ALGORITHM=COPY, LOCK=SHARED
ALTER TABLE `a`
  MODIFY COLUMN `id` bigint(20) NOT NULL,
  MODIFY COLUMN `b` bigint(20) DEFAULT NULL;

-- Change table b
--   locks b against writes while all of it is copied: ALGORITHM=COPY, LOCK=SHARED
ALTER TABLE `b`
  MODIFY COLUMN `id` bigint(20) NOT NULL,
  MODIFY COLUMN `a` bigint(20) DEFAULT NULL;

-- Add foreign key a_b of a
--   locks a against writes while all of it is copied: ALGORITHM=COPY, LOCK=SHARED
ALTER TABLE `a`
  DROP KEY `b`,
  ADD KEY `b` (`b`),
  ADD CONSTRAINT `a_b` FOREIGN KEY (`b`) REFERENCES `b` (`id`);

-- Add foreign key b_a of b
--   locks b against writes while all of it is copied: ALGORITHM=COPY, LOCK=SHARED
ALTER TABLE `b` ADD CONSTRAINT `b_a` FOREIGN KEY (`a`) REFERENCES `a` (`id`);

-- down

-- Drop foreign key a_b of a: it comes back below
--   changes a and none of its rows: ALGORITHM=INSTANT, LOCK=NONE
ALTER TABLE `a` DROP FOREIGN KEY `a_b`;

-- Drop foreign key b_a of b: it comes back below
--   changes b and none of its rows: ALGORITHM=INSTANT, LOCK=NONE
ALTER TABLE `b` DROP FOREIGN KEY `b_a`;

-- Change table a
--   locks a against writes while all of it is copied: ALGORITHM=COPY, LOCK=SHARED
ALTER TABLE `a`
  MODIFY COLUMN `id` int(11) NOT NULL,
  MODIFY COLUMN `b` int(11) DEFAULT NULL;

-- Change table b
--   locks b against writes while all of it is copied: ALGORITHM=COPY, LOCK=SHARED
ALTER TABLE `b`
  MODIFY COLUMN `id` int(11) NOT NULL,
  MODIFY COLUMN `a` int(11) DEFAULT NULL;

-- Add foreign key a_b of a
--   locks a against writes while all of it is copied: ALGORITHM=COPY, LOCK=SHARED
ALTER TABLE `a`
  DROP KEY `b`,
  ADD KEY `b` (`b`),
  ADD CONSTRAINT `a_b` FOREIGN KEY (`b`) REFERENCES `b` (`id`);

-- Add foreign key b_a of b
--   locks b against writes while all of it is copied: ALGORITHM=COPY, LOCK=SHARED
ALTER TABLE `b` ADD CONSTRAINT `b_a` FOREIGN KEY (`a`) REFERENCES `a` (`id`);
