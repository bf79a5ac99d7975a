-- A shop: entities whose values lie in tables by type, sites and their shops, sales with addresses and
-- items, indexes of prices; more than forty tables with keys between them.

CREATE TABLE site (
  id smallint unsigned NOT NULL AUTO_INCREMENT,
  code varchar(32) DEFAULT NULL,
  name varchar(64) DEFAULT NULL,
  sort smallint unsigned NOT NULL DEFAULT 0,
  is_default smallint unsigned DEFAULT 0,
  PRIMARY KEY (id),
  UNIQUE KEY site_code (code),
  KEY site_sort (sort)
) COMMENT='sites';

CREATE TABLE shop_group (
  id smallint unsigned NOT NULL AUTO_INCREMENT,
  site_id smallint unsigned NOT NULL DEFAULT 0,
  name varchar(255) NOT NULL,
  root_id int unsigned NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  KEY group_site (site_id),
  CONSTRAINT shop_group_site_id_to_site FOREIGN KEY (site_id) REFERENCES site (id) ON DELETE CASCADE
) COMMENT='groups of shops';

CREATE TABLE shop (
  id smallint unsigned NOT NULL AUTO_INCREMENT,
  code varchar(32) DEFAULT NULL,
  site_id smallint unsigned NOT NULL DEFAULT 0,
  group_id smallint unsigned NOT NULL DEFAULT 0,
  name varchar(255) NOT NULL,
  is_active smallint unsigned NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  UNIQUE KEY shop_code (code),
  KEY shop_site (site_id),
  KEY shop_active (is_active, group_id),
  KEY shop_group (group_id),
  CONSTRAINT shop_site_id_to_site FOREIGN KEY (site_id) REFERENCES site (id) ON DELETE CASCADE,
  CONSTRAINT shop_group_id_to_shop_group FOREIGN KEY (group_id) REFERENCES shop_group (id) ON DELETE CASCADE
) COMMENT='shops';

CREATE TABLE entity_type (
  id smallint unsigned NOT NULL AUTO_INCREMENT,
  code varchar(50) NOT NULL,
  model varchar(255) NOT NULL,
  table_name varchar(255) DEFAULT NULL,
  data_sharing_key varchar(100) DEFAULT 'default',
  PRIMARY KEY (id),
  KEY entity_type_code (code)
);

CREATE TABLE attribute_set (
  id smallint unsigned NOT NULL AUTO_INCREMENT,
  type_id smallint unsigned NOT NULL DEFAULT 0,
  name varchar(255) DEFAULT NULL,
  sort smallint NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  UNIQUE KEY set_name (type_id, name),
  KEY set_sort (type_id, sort),
  CONSTRAINT attribute_set_type_id_to_entity_type FOREIGN KEY (type_id) REFERENCES entity_type (id) ON DELETE CASCADE
);

CREATE TABLE attribute_group (
  id smallint unsigned NOT NULL AUTO_INCREMENT,
  set_id smallint unsigned NOT NULL DEFAULT 0,
  name varchar(255) DEFAULT NULL,
  sort smallint NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  UNIQUE KEY group_code (set_id, name),
  CONSTRAINT attribute_group_set_id_to_attribute_set FOREIGN KEY (set_id) REFERENCES attribute_set (id) ON DELETE CASCADE
);

CREATE TABLE attribute (
  id smallint unsigned NOT NULL AUTO_INCREMENT,
  type_id smallint unsigned NOT NULL DEFAULT 0,
  code varchar(255) NOT NULL,
  backend enum('static', 'datetime', 'decimal', 'int', 'text', 'varchar') NOT NULL DEFAULT 'static',
  label varchar(255) DEFAULT NULL,
  source varchar(255) DEFAULT NULL,
  is_required smallint unsigned NOT NULL DEFAULT 0,
  default_value text DEFAULT NULL,
  note varchar(255) DEFAULT NULL COMMENT 'shown below; may be long',
  PRIMARY KEY (id),
  UNIQUE KEY attribute_code (type_id, code),
  CONSTRAINT attribute_type_id_to_entity_type FOREIGN KEY (type_id) REFERENCES entity_type (id) ON DELETE CASCADE
);

CREATE TABLE attribute_place (
  id int unsigned NOT NULL AUTO_INCREMENT,
  set_id smallint unsigned NOT NULL,
  group_id smallint unsigned NOT NULL,
  attribute_id smallint unsigned NOT NULL,
  sort smallint NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  UNIQUE KEY place_set (set_id, attribute_id),
  UNIQUE KEY place_group (group_id, attribute_id),
  KEY place_sort (set_id, sort),
  KEY place_attribute (attribute_id),
  CONSTRAINT attribute_place_attribute_id_to_attribute FOREIGN KEY (attribute_id) REFERENCES attribute (id) ON DELETE CASCADE,
  CONSTRAINT attribute_place_group_id_to_attribute_group FOREIGN KEY (group_id) REFERENCES attribute_group (id) ON DELETE CASCADE
);

CREATE TABLE attribute_option (
  id int unsigned NOT NULL AUTO_INCREMENT,
  attribute_id smallint unsigned NOT NULL DEFAULT 0,
  sort smallint unsigned NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  CONSTRAINT attribute_option_attribute_id_to_attribute FOREIGN KEY (attribute_id) REFERENCES attribute (id) ON DELETE CASCADE
);

CREATE TABLE attribute_option_value (
  id int unsigned NOT NULL AUTO_INCREMENT,
  option_id int unsigned NOT NULL DEFAULT 0,
  shop_id smallint unsigned NOT NULL DEFAULT 0,
  value varchar(255) DEFAULT NULL,
  PRIMARY KEY (id),
  CONSTRAINT attribute_option_value_option_id_to_attribute_option FOREIGN KEY (option_id) REFERENCES attribute_option (id) ON DELETE CASCADE,
  CONSTRAINT attribute_option_value_shop_id_to_shop FOREIGN KEY (shop_id) REFERENCES shop (id) ON DELETE CASCADE
);

CREATE TABLE customer_group (
  id int unsigned NOT NULL AUTO_INCREMENT,
  code varchar(32) NOT NULL,
  tax_class int unsigned NOT NULL DEFAULT 0,
  PRIMARY KEY (id)
);

CREATE TABLE product (
  id int unsigned NOT NULL AUTO_INCREMENT,
  set_id smallint unsigned NOT NULL DEFAULT 0,
  kind varchar(32) NOT NULL DEFAULT 'simple',
  sku varchar(64) NOT NULL,
  has_options smallint NOT NULL DEFAULT 0,
  made timestamp NOT NULL DEFAULT current_timestamp,
  changed timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp,
  PRIMARY KEY (id),
  UNIQUE KEY product_sku (sku),
  CONSTRAINT product_set_id_to_attribute_set FOREIGN KEY (set_id) REFERENCES attribute_set (id) ON DELETE CASCADE
);

CREATE TABLE product_datetime (
  id int NOT NULL AUTO_INCREMENT,
  attribute_id smallint unsigned NOT NULL DEFAULT 0,
  shop_id smallint unsigned NOT NULL DEFAULT 0,
  entity_id int unsigned NOT NULL DEFAULT 0,
  value datetime DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY product_datetime_once (entity_id, attribute_id, shop_id),
  KEY product_datetime_shop (shop_id),
  CONSTRAINT product_datetime_shop_id_to_shop FOREIGN KEY (shop_id) REFERENCES shop (id) ON DELETE CASCADE,
  KEY product_datetime_attribute (attribute_id),
  KEY product_datetime_value (entity_id, attribute_id, value),
  CONSTRAINT product_datetime_attribute_id_to_attribute FOREIGN KEY (attribute_id) REFERENCES attribute (id) ON DELETE CASCADE,
  CONSTRAINT product_datetime_entity_id_to_product FOREIGN KEY (entity_id) REFERENCES product (id) ON DELETE CASCADE
) COMMENT='values of datetime of a product';

CREATE TABLE product_decimal (
  id int NOT NULL AUTO_INCREMENT,
  attribute_id smallint unsigned NOT NULL DEFAULT 0,
  shop_id smallint unsigned NOT NULL DEFAULT 0,
  entity_id int unsigned NOT NULL DEFAULT 0,
  value decimal(20,6) DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY product_decimal_once (entity_id, attribute_id, shop_id),
  KEY product_decimal_shop (shop_id),
  CONSTRAINT product_decimal_shop_id_to_shop FOREIGN KEY (shop_id) REFERENCES shop (id) ON DELETE CASCADE,
  KEY product_decimal_attribute (attribute_id),
  KEY product_decimal_value (entity_id, attribute_id, value),
  CONSTRAINT product_decimal_attribute_id_to_attribute FOREIGN KEY (attribute_id) REFERENCES attribute (id) ON DELETE CASCADE,
  CONSTRAINT product_decimal_entity_id_to_product FOREIGN KEY (entity_id) REFERENCES product (id) ON DELETE CASCADE
) COMMENT='values of decimal of a product';

CREATE TABLE product_int (
  id int NOT NULL AUTO_INCREMENT,
  attribute_id smallint unsigned NOT NULL DEFAULT 0,
  shop_id smallint unsigned NOT NULL DEFAULT 0,
  entity_id int unsigned NOT NULL DEFAULT 0,
  value int DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY product_int_once (entity_id, attribute_id, shop_id),
  KEY product_int_shop (shop_id),
  CONSTRAINT product_int_shop_id_to_shop FOREIGN KEY (shop_id) REFERENCES shop (id) ON DELETE CASCADE,
  KEY product_int_attribute (attribute_id),
  KEY product_int_value (entity_id, attribute_id, value),
  CONSTRAINT product_int_attribute_id_to_attribute FOREIGN KEY (attribute_id) REFERENCES attribute (id) ON DELETE CASCADE,
  CONSTRAINT product_int_entity_id_to_product FOREIGN KEY (entity_id) REFERENCES product (id) ON DELETE CASCADE
) COMMENT='values of int of a product';

CREATE TABLE product_text (
  id int NOT NULL AUTO_INCREMENT,
  attribute_id smallint unsigned NOT NULL DEFAULT 0,
  shop_id smallint unsigned NOT NULL DEFAULT 0,
  entity_id int unsigned NOT NULL DEFAULT 0,
  value mediumtext DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY product_text_once (entity_id, attribute_id, shop_id),
  KEY product_text_shop (shop_id),
  CONSTRAINT product_text_shop_id_to_shop FOREIGN KEY (shop_id) REFERENCES shop (id) ON DELETE CASCADE,
  KEY product_text_attribute (attribute_id),
  CONSTRAINT product_text_attribute_id_to_attribute FOREIGN KEY (attribute_id) REFERENCES attribute (id) ON DELETE CASCADE,
  CONSTRAINT product_text_entity_id_to_product FOREIGN KEY (entity_id) REFERENCES product (id) ON DELETE CASCADE
) COMMENT='values of text of a product';

CREATE TABLE product_varchar (
  id int NOT NULL AUTO_INCREMENT,
  attribute_id smallint unsigned NOT NULL DEFAULT 0,
  shop_id smallint unsigned NOT NULL DEFAULT 0,
  entity_id int unsigned NOT NULL DEFAULT 0,
  value varchar(255) DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY product_varchar_once (entity_id, attribute_id, shop_id),
  KEY product_varchar_shop (shop_id),
  CONSTRAINT product_varchar_shop_id_to_shop FOREIGN KEY (shop_id) REFERENCES shop (id) ON DELETE CASCADE,
  KEY product_varchar_attribute (attribute_id),
  KEY product_varchar_value (value(100)),
  CONSTRAINT product_varchar_attribute_id_to_attribute FOREIGN KEY (attribute_id) REFERENCES attribute (id) ON DELETE CASCADE,
  CONSTRAINT product_varchar_entity_id_to_product FOREIGN KEY (entity_id) REFERENCES product (id) ON DELETE CASCADE
) COMMENT='values of varchar of a product';

CREATE TABLE category (
  id int unsigned NOT NULL AUTO_INCREMENT,
  set_id smallint unsigned NOT NULL DEFAULT 0,
  parent_id int unsigned NOT NULL DEFAULT 0,
  path varchar(255) NOT NULL,
  position int NOT NULL,
  level int NOT NULL DEFAULT 0,
  children int NOT NULL,
  depth int AS (char_length(path) - char_length(replace(path, '/', ''))) VIRTUAL,
  PRIMARY KEY (id),
  KEY category_level (level),
  KEY category_path (path),
  CONSTRAINT category_set_id_to_attribute_set FOREIGN KEY (set_id) REFERENCES attribute_set (id) ON DELETE CASCADE
);

CREATE TABLE category_datetime (
  id int NOT NULL AUTO_INCREMENT,
  attribute_id smallint unsigned NOT NULL DEFAULT 0,
  shop_id smallint unsigned NOT NULL DEFAULT 0,
  entity_id int unsigned NOT NULL DEFAULT 0,
  value datetime DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY category_datetime_once (entity_id, attribute_id, shop_id),
  KEY category_datetime_shop (shop_id),
  CONSTRAINT category_datetime_shop_id_to_shop FOREIGN KEY (shop_id) REFERENCES shop (id) ON DELETE CASCADE,
  KEY category_datetime_attribute (attribute_id),
  KEY category_datetime_value (entity_id, attribute_id, value),
  CONSTRAINT category_datetime_attribute_id_to_attribute FOREIGN KEY (attribute_id) REFERENCES attribute (id) ON DELETE CASCADE,
  CONSTRAINT category_datetime_entity_id_to_category FOREIGN KEY (entity_id) REFERENCES category (id) ON DELETE CASCADE
) COMMENT='values of datetime of a category';

CREATE TABLE category_decimal (
  id int NOT NULL AUTO_INCREMENT,
  attribute_id smallint unsigned NOT NULL DEFAULT 0,
  shop_id smallint unsigned NOT NULL DEFAULT 0,
  entity_id int unsigned NOT NULL DEFAULT 0,
  value decimal(20,6) DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY category_decimal_once (entity_id, attribute_id, shop_id),
  KEY category_decimal_shop (shop_id),
  CONSTRAINT category_decimal_shop_id_to_shop FOREIGN KEY (shop_id) REFERENCES shop (id) ON DELETE CASCADE,
  KEY category_decimal_attribute (attribute_id),
  KEY category_decimal_value (entity_id, attribute_id, value),
  CONSTRAINT category_decimal_attribute_id_to_attribute FOREIGN KEY (attribute_id) REFERENCES attribute (id) ON DELETE CASCADE,
  CONSTRAINT category_decimal_entity_id_to_category FOREIGN KEY (entity_id) REFERENCES category (id) ON DELETE CASCADE
) COMMENT='values of decimal of a category';

CREATE TABLE category_int (
  id int NOT NULL AUTO_INCREMENT,
  attribute_id smallint unsigned NOT NULL DEFAULT 0,
  shop_id smallint unsigned NOT NULL DEFAULT 0,
  entity_id int unsigned NOT NULL DEFAULT 0,
  value int DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY category_int_once (entity_id, attribute_id, shop_id),
  KEY category_int_shop (shop_id),
  CONSTRAINT category_int_shop_id_to_shop FOREIGN KEY (shop_id) REFERENCES shop (id) ON DELETE CASCADE,
  KEY category_int_attribute (attribute_id),
  KEY category_int_value (entity_id, attribute_id, value),
  CONSTRAINT category_int_attribute_id_to_attribute FOREIGN KEY (attribute_id) REFERENCES attribute (id) ON DELETE CASCADE,
  CONSTRAINT category_int_entity_id_to_category FOREIGN KEY (entity_id) REFERENCES category (id) ON DELETE CASCADE
) COMMENT='values of int of a category';

CREATE TABLE category_text (
  id int NOT NULL AUTO_INCREMENT,
  attribute_id smallint unsigned NOT NULL DEFAULT 0,
  shop_id smallint unsigned NOT NULL DEFAULT 0,
  entity_id int unsigned NOT NULL DEFAULT 0,
  value mediumtext DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY category_text_once (entity_id, attribute_id, shop_id),
  KEY category_text_shop (shop_id),
  CONSTRAINT category_text_shop_id_to_shop FOREIGN KEY (shop_id) REFERENCES shop (id) ON DELETE CASCADE,
  KEY category_text_attribute (attribute_id),
  CONSTRAINT category_text_attribute_id_to_attribute FOREIGN KEY (attribute_id) REFERENCES attribute (id) ON DELETE CASCADE,
  CONSTRAINT category_text_entity_id_to_category FOREIGN KEY (entity_id) REFERENCES category (id) ON DELETE CASCADE
) COMMENT='values of text of a category';

CREATE TABLE category_varchar (
  id int NOT NULL AUTO_INCREMENT,
  attribute_id smallint unsigned NOT NULL DEFAULT 0,
  shop_id smallint unsigned NOT NULL DEFAULT 0,
  entity_id int unsigned NOT NULL DEFAULT 0,
  value varchar(255) DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY category_varchar_once (entity_id, attribute_id, shop_id),
  KEY category_varchar_shop (shop_id),
  CONSTRAINT category_varchar_shop_id_to_shop FOREIGN KEY (shop_id) REFERENCES shop (id) ON DELETE CASCADE,
  KEY category_varchar_attribute (attribute_id),
  KEY category_varchar_value (value(100)),
  CONSTRAINT category_varchar_attribute_id_to_attribute FOREIGN KEY (attribute_id) REFERENCES attribute (id) ON DELETE CASCADE,
  CONSTRAINT category_varchar_entity_id_to_category FOREIGN KEY (entity_id) REFERENCES category (id) ON DELETE CASCADE
) COMMENT='values of varchar of a category';

CREATE TABLE customer (
  id int unsigned NOT NULL AUTO_INCREMENT,
  site_id smallint unsigned DEFAULT NULL,
  email varchar(255) DEFAULT NULL,
  group_id int unsigned NOT NULL DEFAULT 0,
  shop_id smallint unsigned DEFAULT 0,
  is_active smallint unsigned NOT NULL DEFAULT 1,
  first_name varchar(255),
  last_name varchar(255),
  born date,
  password_hash varchar(128),
  failures smallint DEFAULT 0,
  locked_until timestamp NULL DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY customer_email (email, site_id),
  KEY customer_last_name (last_name),
  KEY customer_shop (shop_id),
  CONSTRAINT customer_shop_id_to_shop FOREIGN KEY (shop_id) REFERENCES shop (id) ON DELETE SET NULL,
  CONSTRAINT customer_site_id_to_site FOREIGN KEY (site_id) REFERENCES site (id) ON DELETE SET NULL,
  CONSTRAINT customer_group_of FOREIGN KEY (group_id) REFERENCES customer_group (id)
);

CREATE TABLE customer_datetime (
  id int NOT NULL AUTO_INCREMENT,
  attribute_id smallint unsigned NOT NULL DEFAULT 0,
  entity_id int unsigned NOT NULL DEFAULT 0,
  value datetime DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY customer_datetime_once (entity_id, attribute_id),
  KEY customer_datetime_attribute (attribute_id),
  KEY customer_datetime_value (entity_id, attribute_id, value),
  CONSTRAINT customer_datetime_attribute_id_to_attribute FOREIGN KEY (attribute_id) REFERENCES attribute (id) ON DELETE CASCADE,
  CONSTRAINT customer_datetime_entity_id_to_customer FOREIGN KEY (entity_id) REFERENCES customer (id) ON DELETE CASCADE
) COMMENT='values of datetime of a customer';

CREATE TABLE customer_decimal (
  id int NOT NULL AUTO_INCREMENT,
  attribute_id smallint unsigned NOT NULL DEFAULT 0,
  entity_id int unsigned NOT NULL DEFAULT 0,
  value decimal(20,6) DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY customer_decimal_once (entity_id, attribute_id),
  KEY customer_decimal_attribute (attribute_id),
  KEY customer_decimal_value (entity_id, attribute_id, value),
  CONSTRAINT customer_decimal_attribute_id_to_attribute FOREIGN KEY (attribute_id) REFERENCES attribute (id) ON DELETE CASCADE,
  CONSTRAINT customer_decimal_entity_id_to_customer FOREIGN KEY (entity_id) REFERENCES customer (id) ON DELETE CASCADE
) COMMENT='values of decimal of a customer';

CREATE TABLE customer_int (
  id int NOT NULL AUTO_INCREMENT,
  attribute_id smallint unsigned NOT NULL DEFAULT 0,
  entity_id int unsigned NOT NULL DEFAULT 0,
  value int DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY customer_int_once (entity_id, attribute_id),
  KEY customer_int_attribute (attribute_id),
  KEY customer_int_value (entity_id, attribute_id, value),
  CONSTRAINT customer_int_attribute_id_to_attribute FOREIGN KEY (attribute_id) REFERENCES attribute (id) ON DELETE CASCADE,
  CONSTRAINT customer_int_entity_id_to_customer FOREIGN KEY (entity_id) REFERENCES customer (id) ON DELETE CASCADE
) COMMENT='values of int of a customer';

CREATE TABLE customer_text (
  id int NOT NULL AUTO_INCREMENT,
  attribute_id smallint unsigned NOT NULL DEFAULT 0,
  entity_id int unsigned NOT NULL DEFAULT 0,
  value mediumtext DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY customer_text_once (entity_id, attribute_id),
  KEY customer_text_attribute (attribute_id),
  CONSTRAINT customer_text_attribute_id_to_attribute FOREIGN KEY (attribute_id) REFERENCES attribute (id) ON DELETE CASCADE,
  CONSTRAINT customer_text_entity_id_to_customer FOREIGN KEY (entity_id) REFERENCES customer (id) ON DELETE CASCADE
) COMMENT='values of text of a customer';

CREATE TABLE customer_varchar (
  id int NOT NULL AUTO_INCREMENT,
  attribute_id smallint unsigned NOT NULL DEFAULT 0,
  entity_id int unsigned NOT NULL DEFAULT 0,
  value varchar(255) DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY customer_varchar_once (entity_id, attribute_id),
  KEY customer_varchar_attribute (attribute_id),
  KEY customer_varchar_value (value(100)),
  CONSTRAINT customer_varchar_attribute_id_to_attribute FOREIGN KEY (attribute_id) REFERENCES attribute (id) ON DELETE CASCADE,
  CONSTRAINT customer_varchar_entity_id_to_customer FOREIGN KEY (entity_id) REFERENCES customer (id) ON DELETE CASCADE
) COMMENT='values of varchar of a customer';

CREATE TABLE category_product (
  id int NOT NULL AUTO_INCREMENT,
  category_id int unsigned NOT NULL DEFAULT 0,
  product_id int unsigned NOT NULL DEFAULT 0,
  position int NOT NULL DEFAULT 0,
  PRIMARY KEY (id, category_id, product_id),
  UNIQUE KEY category_product_once (category_id, product_id),
  KEY category_product_product (product_id),
  CONSTRAINT category_product_product_id_to_product FOREIGN KEY (product_id) REFERENCES product (id) ON DELETE CASCADE,
  CONSTRAINT category_product_category_id_to_category FOREIGN KEY (category_id) REFERENCES category (id) ON DELETE CASCADE
);

CREATE TABLE product_link (
  id int unsigned NOT NULL AUTO_INCREMENT,
  product_id int unsigned NOT NULL DEFAULT 0,
  linked_id int unsigned NOT NULL DEFAULT 0,
  kind enum('related', 'up', 'cross') NOT NULL DEFAULT 'related',
  PRIMARY KEY (id),
  UNIQUE KEY link_once (kind, product_id, linked_id),
  KEY link_product (product_id),
  KEY link_linked (linked_id),
  CONSTRAINT product_link_linked_id_to_product FOREIGN KEY (linked_id) REFERENCES product (id) ON DELETE CASCADE,
  CONSTRAINT product_link_product_id_to_product FOREIGN KEY (product_id) REFERENCES product (id) ON DELETE CASCADE
);

CREATE TABLE product_tier_price (
  id int NOT NULL AUTO_INCREMENT,
  entity_id int unsigned NOT NULL DEFAULT 0,
  all_groups smallint unsigned NOT NULL DEFAULT 1,
  group_id int unsigned NOT NULL DEFAULT 0,
  qty decimal(12,4) NOT NULL DEFAULT 1.0000,
  value decimal(20,6) NOT NULL DEFAULT 0,
  site_id smallint unsigned NOT NULL,
  percent decimal(5,2) DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY tier_once (entity_id, all_groups, group_id, qty, site_id),
  KEY tier_group (group_id),
  KEY tier_site (site_id),
  CONSTRAINT product_tier_price_group_id_to_customer_group FOREIGN KEY (group_id) REFERENCES customer_group (id) ON DELETE CASCADE,
  CONSTRAINT product_tier_price_entity_id_to_product FOREIGN KEY (entity_id) REFERENCES product (id) ON DELETE CASCADE,
  CONSTRAINT product_tier_price_site_id_to_site FOREIGN KEY (site_id) REFERENCES site (id) ON DELETE CASCADE,
  CONSTRAINT percent_of_all CHECK (percent IS NULL OR percent BETWEEN 0 AND 100)
);

CREATE TABLE product_media (
  id int unsigned NOT NULL AUTO_INCREMENT,
  attribute_id smallint unsigned NOT NULL DEFAULT 0,
  value varchar(255) DEFAULT NULL,
  kind varchar(32) NOT NULL DEFAULT 'image',
  disabled smallint unsigned NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  KEY media_attribute (attribute_id),
  CONSTRAINT product_media_attribute_id_to_attribute FOREIGN KEY (attribute_id) REFERENCES attribute (id) ON DELETE CASCADE
);

CREATE TABLE price_index (
  entity_id int unsigned NOT NULL,
  group_id int unsigned NOT NULL,
  site_id smallint unsigned NOT NULL,
  tax_class smallint unsigned DEFAULT 0,
  price decimal(20,6) DEFAULT NULL,
  final_price decimal(20,6) DEFAULT NULL,
  min_price decimal(20,6) DEFAULT NULL,
  max_price decimal(20,6) DEFAULT NULL,
  PRIMARY KEY (entity_id, group_id, site_id),
  KEY index_group (group_id),
  KEY index_min (min_price),
  KEY index_site (site_id, group_id, min_price DESC)
);

CREATE TABLE price_index_work (
  entity_id int unsigned NOT NULL,
  group_id int unsigned NOT NULL,
  site_id smallint unsigned NOT NULL,
  price decimal(20,6) DEFAULT NULL,
  PRIMARY KEY (entity_id, group_id, site_id)
) ENGINE=MEMORY;

CREATE TABLE stock (
  id smallint unsigned NOT NULL AUTO_INCREMENT,
  site_id smallint unsigned NOT NULL,
  name varchar(255) DEFAULT NULL,
  PRIMARY KEY (id),
  KEY stock_site (site_id)
);

CREATE TABLE stock_item (
  id int unsigned NOT NULL AUTO_INCREMENT,
  product_id int unsigned NOT NULL DEFAULT 0,
  stock_id smallint unsigned NOT NULL DEFAULT 0,
  qty decimal(12,4) DEFAULT NULL,
  min_qty decimal(12,4) NOT NULL DEFAULT 0.0000,
  is_in_stock bool NOT NULL DEFAULT false,
  low_since timestamp NULL DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY stock_once (product_id, stock_id),
  KEY stock_of (stock_id),
  CONSTRAINT stock_item_product_id_to_product FOREIGN KEY (product_id) REFERENCES product (id) ON DELETE CASCADE,
  CONSTRAINT stock_item_stock_id_to_stock FOREIGN KEY (stock_id) REFERENCES stock (id) ON DELETE CASCADE
);

CREATE TABLE cart (
  id int unsigned NOT NULL AUTO_INCREMENT,
  shop_id smallint unsigned DEFAULT NULL,
  customer_id int unsigned DEFAULT NULL,
  made timestamp NOT NULL DEFAULT current_timestamp,
  changed timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp,
  is_active smallint unsigned DEFAULT 1,
  items int unsigned DEFAULT 0,
  currency char(3) CHARACTER SET ascii COLLATE ascii_general_ci DEFAULT NULL,
  total decimal(20,4) DEFAULT 0.0000,
  facts json DEFAULT NULL,
  PRIMARY KEY (id),
  KEY cart_customer (customer_id, shop_id),
  KEY cart_shop (shop_id),
  CONSTRAINT cart_shop_id_to_shop FOREIGN KEY (shop_id) REFERENCES shop (id) ON DELETE SET NULL
);

CREATE TABLE cart_address (
  id int unsigned NOT NULL AUTO_INCREMENT,
  cart_id int unsigned NOT NULL,
  kind enum('billing', 'shipping') DEFAULT NULL,
  street varchar(255),
  city varchar(255),
  region varchar(255),
  post_code varchar(20),
  country char(2),
  PRIMARY KEY (id),
  KEY cart_address_of (cart_id),
  CONSTRAINT cart_address_cart_id_to_cart FOREIGN KEY (cart_id) REFERENCES cart (id) ON DELETE CASCADE
);

CREATE TABLE cart_item (
  id int unsigned NOT NULL AUTO_INCREMENT,
  cart_id int unsigned NOT NULL DEFAULT 0,
  product_id int unsigned DEFAULT NULL,
  parent_id int unsigned DEFAULT NULL,
  sku varchar(255),
  name varchar(255),
  qty decimal(12,4) NOT NULL DEFAULT 0.0000,
  price decimal(12,4) NOT NULL DEFAULT 0.0000,
  row_total decimal(20,4) AS (qty * price) STORED,
  PRIMARY KEY (id),
  KEY cart_item_of (cart_id),
  KEY cart_item_parent (parent_id),
  CONSTRAINT cart_item_cart_id_to_cart FOREIGN KEY (cart_id) REFERENCES cart (id) ON DELETE CASCADE,
  CONSTRAINT cart_item_parent_id_to_cart_item FOREIGN KEY (parent_id) REFERENCES cart_item (id) ON DELETE CASCADE,
  KEY cart_item_product (product_id),
  CONSTRAINT cart_item_product_id_to_product FOREIGN KEY (product_id) REFERENCES product (id) ON DELETE CASCADE
);

CREATE TABLE cart_payment (
  id int unsigned NOT NULL AUTO_INCREMENT,
  cart_id int unsigned NOT NULL DEFAULT 0,
  method varchar(255),
  amount decimal(20,4),
  details text,
  PRIMARY KEY (id),
  CONSTRAINT cart_payment_cart_id_to_cart FOREIGN KEY (cart_id) REFERENCES cart (id) ON DELETE CASCADE
);

CREATE TABLE sale (
  id int unsigned NOT NULL AUTO_INCREMENT,
  shop_id smallint unsigned DEFAULT NULL,
  customer_id int unsigned DEFAULT NULL,
  made timestamp NOT NULL DEFAULT current_timestamp,
  changed timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp,
  state varchar(32) DEFAULT NULL,
  status varchar(32) DEFAULT NULL,
  number varchar(50) DEFAULT NULL,
  coupon varchar(255) DEFAULT NULL,
  paid decimal(20,4) DEFAULT NULL,
  remote inet6 DEFAULT NULL,
  currency char(3) CHARACTER SET ascii COLLATE ascii_general_ci DEFAULT NULL,
  total decimal(20,4) DEFAULT 0.0000,
  facts json DEFAULT NULL,
  PRIMARY KEY (id),
  KEY sale_customer (customer_id, shop_id),
  KEY sale_shop (shop_id),
  CONSTRAINT sale_shop_id_to_shop FOREIGN KEY (shop_id) REFERENCES shop (id) ON DELETE SET NULL,
  UNIQUE KEY sale_number (number, shop_id),
  KEY sale_status (status),
  KEY sale_made (made),
  CONSTRAINT sale_customer_of FOREIGN KEY (customer_id) REFERENCES customer (id) ON DELETE SET NULL
);

CREATE TABLE sale_address (
  id int unsigned NOT NULL AUTO_INCREMENT,
  sale_id int unsigned NOT NULL,
  kind enum('billing', 'shipping') DEFAULT NULL,
  street varchar(255),
  city varchar(255),
  region varchar(255),
  post_code varchar(20),
  country char(2),
  PRIMARY KEY (id),
  KEY sale_address_of (sale_id),
  CONSTRAINT sale_address_sale_id_to_sale FOREIGN KEY (sale_id) REFERENCES sale (id) ON DELETE CASCADE
);

CREATE TABLE sale_item (
  id int unsigned NOT NULL AUTO_INCREMENT,
  sale_id int unsigned NOT NULL DEFAULT 0,
  product_id int unsigned DEFAULT NULL,
  parent_id int unsigned DEFAULT NULL,
  sku varchar(255),
  name varchar(255),
  qty decimal(12,4) NOT NULL DEFAULT 0.0000,
  price decimal(12,4) NOT NULL DEFAULT 0.0000,
  row_total decimal(20,4) AS (qty * price) STORED,
  PRIMARY KEY (id),
  KEY sale_item_of (sale_id),
  KEY sale_item_parent (parent_id),
  CONSTRAINT sale_item_sale_id_to_sale FOREIGN KEY (sale_id) REFERENCES sale (id) ON DELETE CASCADE,
  CONSTRAINT sale_item_parent_id_to_sale_item FOREIGN KEY (parent_id) REFERENCES sale_item (id) ON DELETE CASCADE,
  KEY sale_item_product (product_id)
);

CREATE TABLE sale_payment (
  id int unsigned NOT NULL AUTO_INCREMENT,
  sale_id int unsigned NOT NULL DEFAULT 0,
  method varchar(255),
  amount decimal(20,4),
  details text,
  PRIMARY KEY (id),
  CONSTRAINT sale_payment_sale_id_to_sale FOREIGN KEY (sale_id) REFERENCES sale (id) ON DELETE CASCADE
);

CREATE TABLE invoice (
  id int unsigned NOT NULL AUTO_INCREMENT,
  sale_id int unsigned NOT NULL,
  shop_id smallint unsigned DEFAULT NULL,
  number varchar(50),
  total decimal(20,4),
  made timestamp NOT NULL DEFAULT current_timestamp,
  PRIMARY KEY (id),
  UNIQUE KEY invoice_number (number, shop_id),
  KEY invoice_shop (shop_id),
  KEY invoice_sale (sale_id),
  CONSTRAINT invoice_sale_id_to_sale FOREIGN KEY (sale_id) REFERENCES sale (id) ON DELETE CASCADE,
  CONSTRAINT invoice_shop_id_to_shop FOREIGN KEY (shop_id) REFERENCES shop (id) ON DELETE SET NULL,
  FULLTEXT KEY invoice_words (number)
);

CREATE TABLE invoice_item (
  id int unsigned NOT NULL AUTO_INCREMENT,
  invoice_id int unsigned NOT NULL,
  sale_item_id int unsigned DEFAULT NULL,
  qty decimal(12,4),
  PRIMARY KEY (id),
  CONSTRAINT invoice_item_invoice_id_to_invoice FOREIGN KEY (invoice_id) REFERENCES invoice (id) ON DELETE CASCADE,
  CONSTRAINT invoice_item_of_sale FOREIGN KEY (sale_item_id) REFERENCES sale_item (id) ON DELETE SET NULL ON UPDATE CASCADE
);

CREATE TABLE shipment (
  id int unsigned NOT NULL AUTO_INCREMENT,
  sale_id int unsigned NOT NULL,
  shop_id smallint unsigned DEFAULT NULL,
  number varchar(50),
  total decimal(20,4),
  made timestamp NOT NULL DEFAULT current_timestamp,
  PRIMARY KEY (id),
  UNIQUE KEY shipment_number (number, shop_id),
  KEY shipment_shop (shop_id),
  KEY shipment_sale (sale_id),
  CONSTRAINT shipment_sale_id_to_sale FOREIGN KEY (sale_id) REFERENCES sale (id) ON DELETE CASCADE,
  CONSTRAINT shipment_shop_id_to_shop FOREIGN KEY (shop_id) REFERENCES shop (id) ON DELETE SET NULL,
  FULLTEXT KEY shipment_words (number)
);

CREATE TABLE shipment_item (
  id int unsigned NOT NULL AUTO_INCREMENT,
  shipment_id int unsigned NOT NULL,
  sale_item_id int unsigned DEFAULT NULL,
  qty decimal(12,4),
  PRIMARY KEY (id),
  CONSTRAINT shipment_item_shipment_id_to_shipment FOREIGN KEY (shipment_id) REFERENCES shipment (id) ON DELETE CASCADE,
  CONSTRAINT shipment_item_of_sale FOREIGN KEY (sale_item_id) REFERENCES sale_item (id) ON DELETE SET NULL ON UPDATE CASCADE
);

CREATE TABLE refund (
  id int unsigned NOT NULL AUTO_INCREMENT,
  sale_id int unsigned NOT NULL,
  shop_id smallint unsigned DEFAULT NULL,
  number varchar(50),
  total decimal(20,4),
  made timestamp NOT NULL DEFAULT current_timestamp,
  PRIMARY KEY (id),
  UNIQUE KEY refund_number (number, shop_id),
  KEY refund_shop (shop_id),
  KEY refund_sale (sale_id),
  CONSTRAINT refund_sale_id_to_sale FOREIGN KEY (sale_id) REFERENCES sale (id) ON DELETE CASCADE,
  CONSTRAINT refund_shop_id_to_shop FOREIGN KEY (shop_id) REFERENCES shop (id) ON DELETE SET NULL,
  FULLTEXT KEY refund_words (number)
);

CREATE TABLE refund_item (
  id int unsigned NOT NULL AUTO_INCREMENT,
  refund_id int unsigned NOT NULL,
  sale_item_id int unsigned DEFAULT NULL,
  qty decimal(12,4),
  PRIMARY KEY (id),
  CONSTRAINT refund_item_refund_id_to_refund FOREIGN KEY (refund_id) REFERENCES refund (id) ON DELETE CASCADE,
  CONSTRAINT refund_item_of_sale FOREIGN KEY (sale_item_id) REFERENCES sale_item (id) ON DELETE SET NULL ON UPDATE CASCADE
);

CREATE TABLE report_day (
  day date NOT NULL,
  shop_id smallint unsigned NOT NULL,
  sales int unsigned NOT NULL DEFAULT 0,
  total decimal(20,4) NOT NULL DEFAULT 0,
  PRIMARY KEY (day, shop_id)
) COMMENT='sums'
PARTITION BY RANGE COLUMNS (day) (
  PARTITION old VALUES LESS THAN ('2025-01-01'),
  PARTITION now VALUES LESS THAN (MAXVALUE)
);

CREATE VIEW shop_list AS
  SELECT s.id, s.code, w.code AS site, g.name AS `group` FROM shop s JOIN site w ON w.id = s.site_id
  JOIN shop_group g ON g.id = s.group_id;

CREATE VIEW sales_of_shop AS
  SELECT l.code, l.site, count(*) AS sales, sum(s.total) AS total FROM sale s JOIN shop_list l ON l.id = s.shop_id
  GROUP BY l.code, l.site;

DELIMITER //
CREATE TRIGGER sale_sum AFTER INSERT ON sale FOR EACH ROW
BEGIN
  INSERT INTO report_day (day, shop_id, sales, total) VALUES (date(NEW.made), NEW.shop_id, 1, NEW.total)
    ON DUPLICATE KEY UPDATE sales = sales + 1, total = total + NEW.total;
END//
DELIMITER ;
