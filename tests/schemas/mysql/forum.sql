-- A forum: mediumints, binary texts, tables in memory and on MyISAM, keys over many columns, trees by
-- left and right numbers.

CREATE TABLE fo_forums (
  forum_id mediumint(8) unsigned NOT NULL AUTO_INCREMENT,
  parent_id mediumint(8) unsigned NOT NULL DEFAULT 0,
  left_id mediumint(8) unsigned NOT NULL DEFAULT 0,
  right_id mediumint(8) unsigned NOT NULL DEFAULT 0,
  parents mediumtext COLLATE utf8mb3_bin NOT NULL,
  name varchar(255) COLLATE utf8mb3_bin NOT NULL DEFAULT '',
  description text COLLATE utf8mb3_bin NOT NULL,
  link varchar(255) COLLATE utf8mb3_bin NOT NULL DEFAULT '',
  style mediumint(8) unsigned NOT NULL DEFAULT 0,
  topics_per_page smallint(4) NOT NULL DEFAULT 0,
  kind tinyint(4) NOT NULL DEFAULT 0,
  flags tinyint(4) NOT NULL DEFAULT 32,
  last_post_id int(10) unsigned NOT NULL DEFAULT 0,
  last_post_time int(11) unsigned NOT NULL DEFAULT 0,
  prune_days mediumint(8) unsigned NOT NULL DEFAULT 0,
  enable_icons tinyint(1) unsigned NOT NULL DEFAULT 1,
  PRIMARY KEY (forum_id),
  KEY left_right (left_id, right_id),
  KEY last_post (last_post_id)
) DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_bin;

CREATE TABLE fo_topics (
  topic_id int(10) unsigned NOT NULL AUTO_INCREMENT,
  forum_id mediumint(8) unsigned NOT NULL DEFAULT 0,
  icon_id mediumint(8) unsigned NOT NULL DEFAULT 0,
  title varchar(255) CHARACTER SET utf8mb3 COLLATE utf8mb3_unicode_ci NOT NULL DEFAULT '',
  poster int(10) unsigned NOT NULL DEFAULT 0,
  time int(11) unsigned NOT NULL DEFAULT 0,
  views mediumint(8) unsigned NOT NULL DEFAULT 0,
  status tinyint(3) NOT NULL DEFAULT 0,
  kind tinyint(3) NOT NULL DEFAULT 0,
  first_poster_colour varchar(6) COLLATE utf8mb3_bin NOT NULL DEFAULT '',
  last_post_time int(11) unsigned NOT NULL DEFAULT 0,
  poll_title varchar(255) COLLATE utf8mb3_bin NOT NULL DEFAULT '',
  visibility tinyint(3) NOT NULL DEFAULT 0,
  delete_reason varchar(255) COLLATE utf8mb3_bin NOT NULL DEFAULT '',
  PRIMARY KEY (topic_id),
  KEY forum_id (forum_id),
  KEY forum_kind (forum_id, kind),
  KEY last_post_time (last_post_time),
  KEY visibility (visibility),
  KEY latest (forum_id, visibility, last_post_time, topic_id)
) DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_bin;

CREATE TABLE fo_posts (
  post_id int(10) unsigned NOT NULL AUTO_INCREMENT,
  topic_id int(10) unsigned NOT NULL DEFAULT 0,
  forum_id mediumint(8) unsigned NOT NULL DEFAULT 0,
  poster_id int(10) unsigned NOT NULL DEFAULT 0,
  poster_ip varchar(40) COLLATE utf8mb3_bin NOT NULL DEFAULT '',
  time int(11) unsigned NOT NULL DEFAULT 0,
  subject varchar(255) CHARACTER SET utf8mb3 COLLATE utf8mb3_unicode_ci NOT NULL DEFAULT '',
  body mediumtext CHARACTER SET utf8mb3 COLLATE utf8mb3_unicode_ci NOT NULL,
  checksum varchar(32) COLLATE utf8mb3_bin NOT NULL DEFAULT '',
  bitfield varchar(255) COLLATE utf8mb3_bin NOT NULL DEFAULT '',
  uid varchar(8) COLLATE utf8mb3_bin NOT NULL DEFAULT '',
  edits smallint(4) unsigned NOT NULL DEFAULT 0,
  PRIMARY KEY (post_id),
  KEY forum_id (forum_id),
  KEY topic_id (topic_id),
  KEY poster_ip (poster_ip),
  KEY topic_time (topic_id, time),
  FULLTEXT KEY subject (subject),
  FULLTEXT KEY content (subject, body)
) ENGINE=MyISAM DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_bin;

CREATE TABLE fo_users (
  user_id int(10) unsigned NOT NULL AUTO_INCREMENT,
  kind tinyint(2) NOT NULL DEFAULT 0,
  group_id mediumint(8) unsigned NOT NULL DEFAULT 3,
  permissions mediumtext COLLATE utf8mb3_bin NOT NULL,
  name varchar(255) COLLATE utf8mb3_bin NOT NULL DEFAULT '',
  name_clean varchar(255) COLLATE utf8mb3_bin NOT NULL DEFAULT '',
  password varchar(255) COLLATE utf8mb3_bin NOT NULL DEFAULT '',
  email varchar(100) COLLATE utf8mb3_bin NOT NULL DEFAULT '',
  birthday varchar(10) COLLATE utf8mb3_bin NOT NULL DEFAULT '',
  time_zone varchar(100) COLLATE utf8mb3_bin NOT NULL DEFAULT '',
  rank mediumint(8) unsigned NOT NULL DEFAULT 0,
  new_messages int(4) NOT NULL DEFAULT 0,
  topic_show_days smallint(4) unsigned NOT NULL DEFAULT 0,
  topic_sort varchar(1) COLLATE utf8mb3_bin NOT NULL DEFAULT 't',
  options int(11) unsigned NOT NULL DEFAULT 230271,
  reputation decimal(6,3) NOT NULL DEFAULT 0.500,
  signature mediumtext COLLATE utf8mb3_bin NOT NULL,
  PRIMARY KEY (user_id),
  UNIQUE KEY name_clean (name_clean),
  KEY birthday (birthday),
  KEY kind (kind),
  KEY email (email)
) DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_bin;

CREATE TABLE fo_groups (
  group_id mediumint(8) unsigned NOT NULL AUTO_INCREMENT,
  kind tinyint(4) NOT NULL DEFAULT 1,
  founder_manage tinyint(1) unsigned NOT NULL DEFAULT 0,
  name varchar(255) COLLATE utf8mb3_bin NOT NULL DEFAULT '',
  description text COLLATE utf8mb3_bin NOT NULL,
  colour varchar(6) COLLATE utf8mb3_bin NOT NULL DEFAULT '',
  message_limit mediumint(8) unsigned NOT NULL DEFAULT 0,
  PRIMARY KEY (group_id),
  KEY legend_name (kind, name)
) DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_bin;

CREATE TABLE fo_user_group (
  group_id mediumint(8) unsigned NOT NULL DEFAULT 0,
  user_id int(10) unsigned NOT NULL DEFAULT 0,
  is_leader tinyint(1) unsigned NOT NULL DEFAULT 0,
  is_pending tinyint(1) unsigned NOT NULL DEFAULT 1,
  KEY group_id (group_id),
  KEY user_id (user_id),
  KEY is_leader (is_leader)
) DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_bin;

CREATE TABLE fo_rights_groups (
  group_id mediumint(8) unsigned NOT NULL DEFAULT 0,
  forum_id mediumint(8) unsigned NOT NULL DEFAULT 0,
  option_id mediumint(8) unsigned NOT NULL DEFAULT 0,
  role_id mediumint(8) unsigned NOT NULL DEFAULT 0,
  setting tinyint(2) NOT NULL DEFAULT 0,
  KEY group_id (group_id),
  KEY option_id (option_id),
  KEY role_id (role_id)
) DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_bin;

CREATE TABLE fo_sessions (
  session_id char(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  user_id int(10) unsigned NOT NULL DEFAULT 0,
  forum_id mediumint(8) unsigned NOT NULL DEFAULT 0,
  last_visit int(11) unsigned NOT NULL DEFAULT 0,
  started int(11) unsigned NOT NULL DEFAULT 0,
  ip varchar(40) NOT NULL DEFAULT '',
  browser varchar(150) NOT NULL DEFAULT '',
  is_admin tinyint(1) unsigned NOT NULL DEFAULT 0,
  PRIMARY KEY (session_id),
  KEY started (started) USING BTREE,
  KEY user_id (user_id),
  KEY forum_id (forum_id)
) ENGINE=MEMORY DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_bin MAX_ROWS=5000;

CREATE TABLE fo_search_words (
  word_id int(10) unsigned NOT NULL AUTO_INCREMENT,
  word varchar(255) COLLATE utf8mb3_bin NOT NULL DEFAULT '',
  is_common tinyint(1) unsigned NOT NULL DEFAULT 0,
  count mediumint(8) unsigned NOT NULL DEFAULT 0,
  PRIMARY KEY (word_id),
  UNIQUE KEY word (word),
  KEY count (count)
) DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_bin;

CREATE TABLE fo_search_matches (
  post_id int(10) unsigned NOT NULL DEFAULT 0,
  word_id int(10) unsigned NOT NULL DEFAULT 0,
  in_title tinyint(1) unsigned NOT NULL DEFAULT 0,
  UNIQUE KEY once (post_id, word_id, in_title),
  KEY word_id (word_id),
  KEY post_id (post_id)
) DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_bin;

CREATE TABLE fo_messages (
  message_id int(10) unsigned NOT NULL AUTO_INCREMENT,
  root_level mediumint(8) unsigned NOT NULL DEFAULT 0,
  author_id int(10) unsigned NOT NULL DEFAULT 0,
  time int(11) unsigned NOT NULL DEFAULT 0,
  subject varchar(255) CHARACTER SET utf8mb3 COLLATE utf8mb3_unicode_ci NOT NULL DEFAULT '',
  body mediumtext COLLATE utf8mb3_bin NOT NULL,
  to_address text COLLATE utf8mb3_bin NOT NULL,
  PRIMARY KEY (message_id),
  KEY author_id (author_id),
  KEY root_level (root_level)
) DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_bin;

CREATE TABLE fo_attachments (
  attach_id int(10) unsigned NOT NULL AUTO_INCREMENT,
  post_id int(10) unsigned NOT NULL DEFAULT 0,
  topic_id int(10) unsigned NOT NULL DEFAULT 0,
  in_message tinyint(1) unsigned NOT NULL DEFAULT 0,
  physical varchar(255) COLLATE utf8mb3_bin NOT NULL DEFAULT '',
  extension varchar(100) COLLATE utf8mb3_bin NOT NULL DEFAULT '',
  size int(20) unsigned NOT NULL DEFAULT 0,
  is_orphan tinyint(1) unsigned NOT NULL DEFAULT 1,
  thumb longblob,
  PRIMARY KEY (attach_id),
  KEY post_id (post_id),
  KEY is_orphan (is_orphan)
) DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_bin;

CREATE TABLE fo_poll_votes (
  topic_id int(10) unsigned NOT NULL DEFAULT 0,
  option_id tinyint(4) NOT NULL DEFAULT 0,
  user_id int(10) unsigned NOT NULL DEFAULT 0,
  ip inet6 DEFAULT NULL,
  KEY topic_id (topic_id),
  KEY user_id (user_id),
  KEY ip (ip)
) DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_bin;

CREATE TABLE fo_config (
  name varchar(255) COLLATE utf8mb3_bin NOT NULL DEFAULT '',
  value varchar(255) CHARACTER SET utf8mb3 COLLATE utf8mb3_unicode_ci NOT NULL DEFAULT '',
  is_dynamic tinyint(1) unsigned NOT NULL DEFAULT 0,
  PRIMARY KEY (name),
  KEY is_dynamic (is_dynamic)
) DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_bin COMMENT='name, then value';

CREATE TABLE fo_log (
  log_id int(10) unsigned NOT NULL AUTO_INCREMENT,
  kind tinyint(4) NOT NULL DEFAULT 0,
  user_id int(10) unsigned NOT NULL DEFAULT 0,
  time int(11) unsigned NOT NULL DEFAULT 0,
  operation text NOT NULL,
  data mediumtext NOT NULL,
  PRIMARY KEY (log_id),
  KEY kind (kind)
) ENGINE=Aria DEFAULT CHARSET=latin1 PAGE_CHECKSUM=1 TRANSACTIONAL=1;

CREATE SEQUENCE fo_tickets START WITH 1000 INCREMENT BY 1 CACHE 20;

CREATE TABLE fo_reports (
  report_id int(10) unsigned NOT NULL DEFAULT nextval(fo_tickets),
  post_id int(10) unsigned NOT NULL DEFAULT 0,
  closed tinyint(1) unsigned NOT NULL DEFAULT 0,
  body mediumtext NOT NULL,
  PRIMARY KEY (report_id),
  KEY post_id (post_id)
) DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_bin WITH SYSTEM VERSIONING;

DELIMITER $$
CREATE PROCEDURE fo_move_topic (IN which int unsigned, IN target mediumint unsigned)
BEGIN
  UPDATE fo_topics SET forum_id = target WHERE topic_id = which;
  UPDATE fo_posts SET forum_id = target WHERE topic_id = which;
END$$
CREATE TRIGGER fo_clean_name BEFORE INSERT ON fo_users FOR EACH ROW
BEGIN
  SET NEW.name_clean = lower(NEW.name);
END$$
DELIMITER ;
