-- A blog: posts of all kinds with facts about them, comments, terms, users; few rules, long keys with
-- prefixes, and numbers that are unsigned.

CREATE TABLE bl_users (
  id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
  login varchar(60) NOT NULL DEFAULT '',
  pass varchar(255) NOT NULL DEFAULT '',
  nice_name varchar(50) NOT NULL DEFAULT '',
  email varchar(100) NOT NULL DEFAULT '',
  url varchar(100) NOT NULL DEFAULT '',
  registered datetime NOT NULL DEFAULT '1970-01-02 00:00:00',
  activation_key varchar(255) NOT NULL DEFAULT '',
  status int(11) NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  KEY login_key (login),
  KEY nice_name (nice_name),
  KEY email (email)
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE bl_user_facts (
  id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
  user_id bigint(20) unsigned NOT NULL DEFAULT 0,
  fact_key varchar(255) DEFAULT NULL,
  fact_value longtext,
  PRIMARY KEY (id),
  KEY user_id (user_id),
  KEY fact_key (fact_key(191))
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE bl_posts (
  id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
  author bigint(20) unsigned NOT NULL DEFAULT 0,
  written datetime NOT NULL DEFAULT '1970-01-02 00:00:00',
  written_utc datetime NOT NULL DEFAULT '1970-01-02 00:00:00',
  content longtext NOT NULL,
  title text NOT NULL,
  excerpt text NOT NULL,
  status varchar(20) NOT NULL DEFAULT 'publish',
  comment_status varchar(20) NOT NULL DEFAULT 'open',
  slug varchar(200) NOT NULL DEFAULT '',
  changed datetime NOT NULL DEFAULT '1970-01-02 00:00:00',
  filtered longtext NOT NULL,
  parent bigint(20) unsigned NOT NULL DEFAULT 0,
  guid varchar(255) NOT NULL DEFAULT '',
  menu_order int(11) NOT NULL DEFAULT 0,
  kind varchar(20) NOT NULL DEFAULT 'post',
  mime_type varchar(100) NOT NULL DEFAULT '',
  comment_count bigint(20) NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  KEY slug (slug(191)),
  KEY kind_status_date (kind, status, written, id),
  KEY parent (parent),
  KEY author (author),
  FULLTEXT KEY words (title, content)
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE bl_post_facts (
  id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
  post_id bigint(20) unsigned NOT NULL DEFAULT 0,
  fact_key varchar(255) DEFAULT NULL,
  fact_value longtext,
  PRIMARY KEY (id),
  KEY post_id (post_id),
  KEY fact_key (fact_key(191))
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE bl_comments (
  id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
  post_id bigint(20) unsigned NOT NULL DEFAULT 0,
  author tinytext NOT NULL,
  author_email varchar(100) NOT NULL DEFAULT '',
  author_ip varchar(100) NOT NULL DEFAULT '',
  written datetime NOT NULL DEFAULT '1970-01-02 00:00:00',
  written_utc datetime NOT NULL DEFAULT '1970-01-02 00:00:00',
  content text NOT NULL,
  karma int(11) NOT NULL DEFAULT 0,
  approved varchar(20) NOT NULL DEFAULT '1',
  agent varchar(255) NOT NULL DEFAULT '',
  kind varchar(20) NOT NULL DEFAULT 'comment',
  parent bigint(20) unsigned NOT NULL DEFAULT 0,
  user_id bigint(20) unsigned NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  KEY post_id (post_id),
  KEY approved_date (approved, written_utc),
  KEY date_utc (written_utc),
  KEY parent (parent),
  KEY email (author_email(10))
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE bl_comment_facts (
  id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
  comment_id bigint(20) unsigned NOT NULL DEFAULT 0,
  fact_key varchar(255) DEFAULT NULL,
  fact_value longtext,
  PRIMARY KEY (id),
  KEY comment_id (comment_id),
  KEY fact_key (fact_key(191))
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE bl_terms (
  id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
  name varchar(200) NOT NULL DEFAULT '',
  slug varchar(200) NOT NULL DEFAULT '',
  term_group bigint(10) NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  KEY slug (slug(191)),
  KEY name (name(191))
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE bl_taxonomies (
  id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
  term_id bigint(20) unsigned NOT NULL DEFAULT 0,
  taxonomy varchar(32) NOT NULL DEFAULT '',
  description longtext NOT NULL,
  parent bigint(20) unsigned NOT NULL DEFAULT 0,
  count bigint(20) NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  UNIQUE KEY term_taxonomy (term_id, taxonomy),
  KEY taxonomy (taxonomy)
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE bl_relations (
  object_id bigint(20) unsigned NOT NULL DEFAULT 0,
  taxonomy_id bigint(20) unsigned NOT NULL DEFAULT 0,
  term_order int(11) NOT NULL DEFAULT 0,
  PRIMARY KEY (object_id, taxonomy_id),
  KEY taxonomy_id (taxonomy_id)
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE bl_options (
  id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
  name varchar(191) NOT NULL DEFAULT '',
  value longtext NOT NULL,
  autoload varchar(20) NOT NULL DEFAULT 'yes',
  PRIMARY KEY (id),
  UNIQUE KEY name (name),
  KEY autoload (autoload)
) AUTO_INCREMENT=151 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE bl_links (
  id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
  url varchar(255) NOT NULL DEFAULT '',
  name varchar(255) NOT NULL DEFAULT '',
  target varchar(25) NOT NULL DEFAULT '',
  visible varchar(20) NOT NULL DEFAULT 'Y',
  owner bigint(20) unsigned NOT NULL DEFAULT 1,
  rating int(11) NOT NULL DEFAULT 0,
  updated datetime NOT NULL DEFAULT '1970-01-02 00:00:00',
  notes mediumtext NOT NULL,
  PRIMARY KEY (id),
  KEY visible (visible)
) ENGINE=MyISAM DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE bl_tasks (
  id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
  hook varchar(191) NOT NULL,
  status varchar(20) NOT NULL,
  due datetime DEFAULT '1970-01-02 00:00:00',
  priority tinyint(3) unsigned NOT NULL DEFAULT 10,
  args varchar(191) DEFAULT NULL,
  schedule longtext DEFAULT NULL,
  group_id bigint(20) unsigned NOT NULL DEFAULT 0,
  claim_id bigint(20) unsigned NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  KEY hook_status_due (hook(163), status, due),
  KEY claim_status_priority (claim_id, status, priority, due)
) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci ROW_FORMAT=COMPRESSED;

CREATE VIEW bl_published AS
  SELECT p.id, p.title, p.slug, u.nice_name AS `by`, p.written FROM bl_posts p JOIN bl_users u ON u.id = p.author
  WHERE p.status = 'publish' AND p.kind = 'post' ORDER BY p.written DESC;
