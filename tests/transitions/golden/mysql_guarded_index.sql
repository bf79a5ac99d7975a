-- up

-- Drop foreign key c_a of c
--   changes c and none of its rows: ALGORITHM=INSTANT, LOCK=NONE
ALTER TABLE `c` DROP FOREIGN KEY `c_a`;

-- Add foreign key c_x of c
--   locks c against writes while all of it is copied: ALGORITHM=COPY, LOCK=SHARED
-- Fails if rows don't fit: foreign key c_x of c refuses rows without their parent
ALTER TABLE `c`
  DROP KEY `c_a`,
  ADD KEY `c_a` (`a`),
  ADD CONSTRAINT `c_x` FOREIGN KEY (`a`) REFERENCES `p` (`id`) ON DELETE CASCADE;

-- down

-- Drop foreign key c_x of c
--   changes c and none of its rows: ALGORITHM=INSTANT, LOCK=NONE
ALTER TABLE `c` DROP FOREIGN KEY `c_x`;

-- Add foreign key c_a of c
--   locks c against writes while all of it is copied: ALGORITHM=COPY, LOCK=SHARED
-- Fails if rows don't fit: foreign key c_a of c refuses rows without their parent
ALTER TABLE `c` ADD CONSTRAINT `c_a` FOREIGN KEY (`a`) REFERENCES `p` (`id`);
