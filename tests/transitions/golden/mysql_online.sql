-- up

-- Change table c
--   leaves c to readers and writers while all of it is rebuilt
ALTER TABLE `c`
  ADD COLUMN `b` int(11) DEFAULT NULL,
  ADD KEY `c_p` (`p`),
  ALGORITHM=INPLACE, LOCK=NONE;

-- Change table p
--   locks p against writes while all of it is copied
-- Fails if rows don't fit: column p.b becomes NOT NULL. To find them: SELECT * FROM `p` WHERE `b` IS NULL
ALTER TABLE `p`
  MODIFY COLUMN `b` int(11) NOT NULL,
  MODIFY COLUMN `c` bigint(20) DEFAULT NULL,
  ADD COLUMN `d` int(11) DEFAULT NULL,
  ADD KEY `a` (`a`),
  ALGORITHM=COPY, LOCK=SHARED;

-- Add foreign key c_p of c
--   locks c against writes while all of it is copied
-- Fails if rows don't fit: foreign key c_p of c refuses rows without their parent
ALTER TABLE `c` ADD CONSTRAINT `c_p` FOREIGN KEY (`p`) REFERENCES `p` (`id`), ALGORITHM=COPY, LOCK=SHARED;

-- down

-- Drop foreign key c_p of c
--   changes c and none of its rows
ALTER TABLE `c` DROP FOREIGN KEY `c_p`, ALGORITHM=INSTANT, LOCK=NONE;

-- Change table c
--   leaves c to readers and writers while it is changed in place
-- DESTRUCTIVE: drops column c.b with its values
ALTER TABLE `c`
  DROP KEY `c_p`,
  DROP COLUMN `b`,
  ALGORITHM=NOCOPY, LOCK=NONE;

-- Change table p
--   locks p against writes while all of it is copied
-- DESTRUCTIVE: drops column p.d with its values
ALTER TABLE `p`
  DROP KEY `a`,
  DROP COLUMN `d`,
  MODIFY COLUMN `b` int(11) DEFAULT NULL,
  MODIFY COLUMN `c` int(11) DEFAULT NULL,
  ALGORITHM=COPY, LOCK=SHARED;
