-- up

-- Change table t
--   locks t against writes while all of it is copied: ALGORITHM=COPY, LOCK=SHARED
ALTER TABLE `t`
  MODIFY COLUMN `a` varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci DEFAULT NULL,
  MODIFY COLUMN `b` text CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci DEFAULT NULL,
  DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;

-- down

-- Change table t
--   locks t against writes while all of it is copied: ALGORITHM=COPY, LOCK=SHARED
ALTER TABLE `t`
  MODIFY COLUMN `a` varchar(20) CHARACTER SET latin1 COLLATE latin1_swedish_ci DEFAULT NULL,
  MODIFY COLUMN `b` text CHARACTER SET latin1 COLLATE latin1_swedish_ci DEFAULT NULL,
  DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;
