-- Films that are lent: views over views, triggers, functions, procedures, an event.

CREATE TABLE country (
  id smallint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name varchar(60) NOT NULL,
  code char(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  changed timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp,
  UNIQUE KEY by_code (code)
);

CREATE TABLE town (
  id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name varchar(80) NOT NULL,
  country smallint unsigned NOT NULL,
  CONSTRAINT town_country FOREIGN KEY (country) REFERENCES country (id) ON UPDATE CASCADE
);

CREATE TABLE place (
  id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  street varchar(120) NOT NULL COMMENT 'with the number',
  district varchar(40) DEFAULT NULL,
  town int unsigned NOT NULL,
  post_code varchar(12),
  phone varchar(30) NOT NULL DEFAULT '',
  position point NOT NULL,
  SPATIAL KEY by_position (position),
  CONSTRAINT place_town FOREIGN KEY (town) REFERENCES town (id) ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE TABLE language (
  id tinyint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name char(20) NOT NULL
);

CREATE TABLE person (
  id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  first_name varchar(45) NOT NULL,
  last_name varchar(45) NOT NULL,
  full_name varchar(91) AS (concat(first_name, ' ', last_name)) STORED,
  born year,
  KEY by_last_name (last_name, first_name(3))
);

CREATE TABLE film (
  id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  title varchar(200) NOT NULL,
  summary text,
  made year DEFAULT NULL,
  language tinyint unsigned NOT NULL,
  original tinyint unsigned DEFAULT NULL,
  days tinyint unsigned NOT NULL DEFAULT 3,
  rate decimal(4,2) NOT NULL DEFAULT 4.99,
  minutes smallint unsigned,
  worth decimal(5,2) NOT NULL DEFAULT 19.99,
  age enum('all', 'from 6', 'from 12', 'from 16', 'adults') NOT NULL DEFAULT 'all',
  extras set('trailer', 'comments', 'cut scenes', 'making of') DEFAULT 'trailer,comments',
  facts json,
  changed timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp,
  FULLTEXT KEY by_words (title, summary),
  KEY by_title (title),
  CONSTRAINT film_language FOREIGN KEY (language) REFERENCES language (id) ON UPDATE CASCADE,
  CONSTRAINT film_original FOREIGN KEY (original) REFERENCES language (id) ON DELETE SET NULL,
  CONSTRAINT rate_is_positive CHECK (rate > 0 AND rate < worth),
  CONSTRAINT days_of_a_month CHECK (days BETWEEN 1 AND 31)
) COMMENT='what can be lent; "copies" has where';

CREATE TABLE kind (
  id tinyint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name varchar(25) NOT NULL,
  above tinyint unsigned,
  CONSTRAINT kind_above FOREIGN KEY (above) REFERENCES kind (id) ON DELETE CASCADE
);

CREATE TABLE cast_of_film (
  film int unsigned NOT NULL,
  person int unsigned NOT NULL,
  role varchar(60) NOT NULL DEFAULT 'self',
  PRIMARY KEY (film, person, role),
  KEY by_person (person),
  CONSTRAINT cast_film FOREIGN KEY (film) REFERENCES film (id) ON DELETE CASCADE,
  CONSTRAINT cast_person FOREIGN KEY (person) REFERENCES person (id)
);

CREATE TABLE kind_of_film (
  film int unsigned NOT NULL,
  kind tinyint unsigned NOT NULL,
  PRIMARY KEY (film, kind),
  CONSTRAINT kind_film FOREIGN KEY (film) REFERENCES film (id) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT kind_kind FOREIGN KEY (kind) REFERENCES kind (id) ON UPDATE CASCADE
);

CREATE TABLE film_words (
  film int unsigned NOT NULL PRIMARY KEY,
  title varchar(200) NOT NULL,
  summary text,
  FULLTEXT KEY all_words (title, summary)
) ENGINE=MyISAM;

CREATE TABLE shop (
  id tinyint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  manager smallint unsigned NOT NULL,
  place int unsigned NOT NULL,
  UNIQUE KEY one_manager (manager),
  CONSTRAINT shop_place FOREIGN KEY (place) REFERENCES place (id)
);

CREATE TABLE staff (
  id smallint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  person int unsigned NOT NULL,
  picture mediumblob,
  email varchar(100),
  shop tinyint unsigned NOT NULL,
  active bool NOT NULL DEFAULT true,
  login varchar(32) CHARACTER SET ascii COLLATE ascii_general_ci NOT NULL,
  secret binary(32),
  UNIQUE KEY by_login (login),
  CONSTRAINT staff_shop FOREIGN KEY (shop) REFERENCES shop (id),
  CONSTRAINT staff_person FOREIGN KEY (person) REFERENCES person (id)
);
ALTER TABLE shop ADD CONSTRAINT shop_manager FOREIGN KEY (manager) REFERENCES staff (id);

CREATE TABLE customer (
  id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  number uuid NOT NULL DEFAULT uuid(),
  shop tinyint unsigned NOT NULL,
  person int unsigned NOT NULL,
  email varchar(100) CHECK (email LIKE '%_@_%'),
  place int unsigned NOT NULL,
  active bool NOT NULL DEFAULT 1,
  made datetime NOT NULL DEFAULT current_timestamp,
  UNIQUE KEY by_number (number),
  CONSTRAINT customer_shop FOREIGN KEY (shop) REFERENCES shop (id) ON UPDATE CASCADE,
  CONSTRAINT customer_place FOREIGN KEY (place) REFERENCES place (id) ON UPDATE CASCADE,
  CONSTRAINT customer_person FOREIGN KEY (person) REFERENCES person (id)
);

CREATE TABLE copy (
  id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  film int unsigned NOT NULL,
  shop tinyint unsigned NOT NULL,
  state enum('there', 'lent', 'lost') NOT NULL DEFAULT 'there',
  KEY by_shop (shop, film),
  CONSTRAINT copy_film FOREIGN KEY (film) REFERENCES film (id) ON UPDATE CASCADE,
  CONSTRAINT copy_shop FOREIGN KEY (shop) REFERENCES shop (id) ON UPDATE CASCADE
);

CREATE TABLE loan (
  id int NOT NULL AUTO_INCREMENT PRIMARY KEY,
  lent datetime NOT NULL,
  copy int unsigned NOT NULL,
  customer int unsigned NOT NULL,
  returned datetime,
  staff smallint unsigned NOT NULL,
  UNIQUE KEY once (lent, copy, customer),
  CONSTRAINT loan_copy FOREIGN KEY (copy) REFERENCES copy (id),
  CONSTRAINT loan_customer FOREIGN KEY (customer) REFERENCES customer (id),
  CONSTRAINT loan_staff FOREIGN KEY (staff) REFERENCES staff (id),
  CONSTRAINT back_after_out CHECK (returned IS NULL OR returned >= lent)
);

CREATE TABLE payment (
  id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  customer int unsigned NOT NULL,
  loan int,
  amount decimal(7,2) NOT NULL,
  paid datetime(3) NOT NULL,
  KEY by_day (paid DESC),
  CONSTRAINT payment_customer FOREIGN KEY (customer) REFERENCES customer (id) ON UPDATE CASCADE,
  CONSTRAINT payment_loan FOREIGN KEY (loan) REFERENCES loan (id) ON DELETE SET NULL ON UPDATE CASCADE
) ROW_FORMAT=DYNAMIC;

CREATE TABLE payment_history (
  id int unsigned NOT NULL,
  amount decimal(7,2) NOT NULL,
  paid date NOT NULL,
  PRIMARY KEY (id, paid)
)
PARTITION BY RANGE (year(paid)) (
  PARTITION before_2024 VALUES LESS THAN (2024),
  PARTITION in_2024 VALUES LESS THAN (2025),
  PARTITION later VALUES LESS THAN MAXVALUE
);

CREATE VIEW town_list AS
  SELECT town.id, town.name AS town, country.name AS country FROM town JOIN country ON country.id = town.country;

CREATE VIEW customer_list AS
  SELECT c.id, p.full_name AS name, a.street, a.post_code AS `post code`, a.phone, t.town, t.country,
    if(c.active, 'active', '') AS notes, c.shop
  FROM customer c JOIN person p ON p.id = c.person JOIN place a ON a.id = c.place JOIN town_list t ON t.id = a.town;

CREATE VIEW actor_info AS
  SELECT p.id, p.full_name, group_concat(DISTINCT concat(k.name, ': ', (
      SELECT group_concat(f.title ORDER BY f.title SEPARATOR ', ') FROM film f
      JOIN kind_of_film kf ON kf.film = f.id JOIN cast_of_film cf ON cf.film = f.id
      WHERE kf.kind = k.id AND cf.person = p.id)) ORDER BY k.name SEPARATOR '; ') AS films
  FROM person p LEFT JOIN cast_of_film c ON c.person = p.id LEFT JOIN kind_of_film x ON x.film = c.film
  LEFT JOIN kind k ON k.id = x.kind GROUP BY p.id, p.full_name;

CREATE SQL SECURITY INVOKER VIEW sales_by_shop AS
  SELECT s.id, sum(p.amount) AS total FROM payment p JOIN loan l ON l.id = p.loan JOIN copy c ON c.id = l.copy
  JOIN shop s ON s.id = c.shop GROUP BY s.id WITH ROLLUP;

CREATE ALGORITHM=MERGE VIEW cheap_films AS SELECT id, title, rate FROM film WHERE rate < 3 WITH LOCAL CHECK OPTION;

DELIMITER //

CREATE FUNCTION held_by (copy_id int) RETURNS int unsigned READS SQL DATA
BEGIN
  DECLARE who int unsigned;
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET who = NULL;
  SELECT customer INTO who FROM loan WHERE returned IS NULL AND copy = copy_id LIMIT 1;
  RETURN who;
END//

CREATE FUNCTION is_in_stock (copy_id int) RETURNS bool READS SQL DATA
BEGIN
  DECLARE out_now int;
  IF NOT EXISTS (SELECT 1 FROM loan WHERE copy = copy_id) THEN
    RETURN true;
  END IF;
  SELECT count(*) INTO out_now FROM loan WHERE copy = copy_id AND returned IS NULL;
  RETURN out_now = 0;
END//

CREATE FUNCTION balance_of (who int, at datetime) RETURNS decimal(8,2) DETERMINISTIC READS SQL DATA
  COMMENT 'what a customer owes; late days count once'
BEGIN
  DECLARE fees, late, paid_so_far decimal(8,2);
  SELECT coalesce(sum(film.rate), 0) INTO fees FROM film JOIN copy ON copy.film = film.id JOIN loan ON loan.copy = copy.id
    WHERE loan.lent <= at AND loan.customer = who;
  SELECT coalesce(sum(greatest(datediff(loan.returned, loan.lent) - film.days, 0)), 0) INTO late
    FROM loan JOIN copy ON copy.id = loan.copy JOIN film ON film.id = copy.film WHERE loan.customer = who;
  SELECT coalesce(sum(amount), 0) INTO paid_so_far FROM payment WHERE customer = who AND paid <= at;
  RETURN fees + late - paid_so_far;
END//

CREATE PROCEDURE films_in_stock (IN which_film int, IN which_shop int, OUT number int) READS SQL DATA
BEGIN
  SELECT id FROM copy WHERE film = which_film AND shop = which_shop AND is_in_stock(id);
  SELECT count(*) INTO number FROM copy WHERE film = which_film AND shop = which_shop AND is_in_stock(id);
END//

CREATE PROCEDURE reward (IN least_loans tinyint unsigned, IN least_amount decimal(10,2), OUT winners int)
  MODIFIES SQL DATA SQL SECURITY INVOKER
BEGIN
  DECLARE since date DEFAULT date_sub(current_date, INTERVAL 1 MONTH);
  DROP TEMPORARY TABLE IF EXISTS winner;
  CREATE TEMPORARY TABLE winner (id int unsigned PRIMARY KEY);
  INSERT INTO winner SELECT customer FROM payment WHERE paid >= since GROUP BY customer
    HAVING sum(amount) >= least_amount AND count(*) >= least_loans;
  SELECT count(*) INTO winners FROM winner;
  DROP TEMPORARY TABLE winner;
END//

CREATE TRIGGER film_insert AFTER INSERT ON film FOR EACH ROW
BEGIN
  INSERT INTO film_words (film, title, summary) VALUES (NEW.id, NEW.title, NEW.summary);
END//

CREATE TRIGGER film_update AFTER UPDATE ON film FOR EACH ROW
BEGIN
  IF OLD.title <> NEW.title OR NOT (OLD.summary <=> NEW.summary) THEN
    UPDATE film_words SET title = NEW.title, summary = NEW.summary WHERE film = OLD.id;
  END IF;
END//

CREATE TRIGGER film_delete AFTER DELETE ON film FOR EACH ROW DELETE FROM film_words WHERE film = OLD.id//

CREATE TRIGGER payment_moment BEFORE INSERT ON payment FOR EACH ROW SET NEW.paid = coalesce(NEW.paid, now(3))//
CREATE TRIGGER payment_check BEFORE INSERT ON payment FOR EACH ROW FOLLOWS payment_moment
BEGIN
  IF NEW.amount < 0 THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'nobody is paid; not here';
  END IF;
END//

CREATE TRIGGER loan_moment BEFORE INSERT ON loan FOR EACH ROW SET NEW.lent = now()//

CREATE EVENT forget_old_payments ON SCHEDULE EVERY 1 MONTH STARTS '2035-01-01 02:00:00' ON COMPLETION PRESERVE
  COMMENT 'keeps; ten years' DO
BEGIN
  DELETE FROM payment_history WHERE paid < date_sub(current_date, INTERVAL 10 YEAR);
  DELETE FROM payment WHERE paid < date_sub(current_date, INTERVAL 10 YEAR);
END//

DELIMITER ;
