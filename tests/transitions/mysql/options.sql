-- case: an engine changes
-- before
CREATE TABLE t (id int PRIMARY KEY, a text) ENGINE=MyISAM;
CREATE TABLE u (id int PRIMARY KEY, a varchar(20));
-- after
CREATE TABLE t (id int PRIMARY KEY, a text) ENGINE=InnoDB;
CREATE TABLE u (id int PRIMARY KEY, a varchar(20)) ENGINE=Aria TRANSACTIONAL=1;

-- case: the default character set of a table changes
-- golden: mysql_character_set
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a varchar(20), b text, c char(3) CHARACTER SET latin1) DEFAULT CHARSET=latin1;
-- after
CREATE TABLE t (id int PRIMARY KEY, a varchar(20), b text, c char(3) CHARACTER SET latin1) DEFAULT CHARSET=utf8mb4;

-- case: the default character set changes, and columns stay
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a varchar(20), b text) DEFAULT CHARSET=latin1;
-- after
CREATE TABLE t (id int PRIMARY KEY, a varchar(20) CHARACTER SET latin1, b text CHARACTER SET latin1) DEFAULT CHARSET=utf8mb4;

-- case: the default collation of a table changes
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a varchar(20), e enum('x', 'y') DEFAULT 'x', j json, UNIQUE KEY (a)) COLLATE=utf8mb4_general_ci;
-- after
CREATE TABLE t (id int PRIMARY KEY, a varchar(20), e enum('x', 'y') DEFAULT 'x', j json, UNIQUE KEY (a)) COLLATE=utf8mb4_unicode_ci;

-- case: the default collation changes, and columns stay
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a varchar(20), b varchar(9) COLLATE utf8mb4_bin) COLLATE=utf8mb4_general_ci;
-- after
CREATE TABLE t (id int PRIMARY KEY, a varchar(20) COLLATE utf8mb4_general_ci, b varchar(9)) COLLATE=utf8mb4_bin;

-- case: a comment on a table comes
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY);
-- after
CREATE TABLE t (id int PRIMARY KEY) COMMENT='it''s; a \\ "table", ENGINE=x';

-- case: a comment on a table changes and goes
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY) COMMENT='one';
CREATE TABLE u (id int PRIMARY KEY) COMMENT='two' ROW_FORMAT=COMPRESSED;
-- after
CREATE TABLE t (id int PRIMARY KEY) COMMENT='ONE';
CREATE TABLE u (id int PRIMARY KEY) ROW_FORMAT=COMPRESSED;

-- case: a row format
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a text);
CREATE TABLE u (id int PRIMARY KEY, a text) ROW_FORMAT=COMPACT;
CREATE TABLE v (id int PRIMARY KEY, a text) ROW_FORMAT=REDUNDANT;
-- after
CREATE TABLE t (id int PRIMARY KEY, a text) ROW_FORMAT=DYNAMIC;
CREATE TABLE u (id int PRIMARY KEY, a text);
CREATE TABLE v (id int PRIMARY KEY, a text) ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8;

-- case: pages are compressed
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY);
CREATE TABLE u (id int PRIMARY KEY) PAGE_COMPRESSED=1 PAGE_COMPRESSION_LEVEL=3;
-- after
CREATE TABLE t (id int PRIMARY KEY) PAGE_COMPRESSED=1;
CREATE TABLE u (id int PRIMARY KEY);

-- case: statistics of a table
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY) STATS_PERSISTENT=1;
CREATE TABLE u (id int PRIMARY KEY) CHECKSUM=1 MAX_ROWS=1000;
-- after
CREATE TABLE t (id int PRIMARY KEY) STATS_PERSISTENT=0 STATS_AUTO_RECALC=1 STATS_SAMPLE_PAGES=30;
CREATE TABLE u (id int PRIMARY KEY) MIN_ROWS=10 AVG_ROW_LENGTH=40;

-- case: an engine changes with an option of it
-- before
CREATE TABLE t (id int PRIMARY KEY, a text) ENGINE=MyISAM DELAY_KEY_WRITE=1 PACK_KEYS=1;
-- after
CREATE TABLE t (id int PRIMARY KEY, a text) ENGINE=MyISAM;

-- case: a new table with all options
-- before
CREATE TABLE z (id int);
-- after
CREATE TABLE z (id int);
CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY, a varchar(20) COLLATE latin1_bin) ENGINE=InnoDB AUTO_INCREMENT=100 DEFAULT CHARSET=latin1 COLLATE=latin1_german1_ci COMMENT='all' ROW_FORMAT=DYNAMIC STATS_PERSISTENT=1;

-- case: options and columns change at once
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a varchar(20), b int, KEY (b)) DEFAULT CHARSET=latin1 COMMENT='x';
-- after
CREATE TABLE t (a varchar(40), id bigint PRIMARY KEY, c int NOT NULL DEFAULT 3, UNIQUE KEY (c, id)) DEFAULT CHARSET=utf8mb4 COMMENT='y' ROW_FORMAT=DYNAMIC;
