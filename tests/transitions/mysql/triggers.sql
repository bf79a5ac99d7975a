-- case: triggers on all events
-- rows
-- both
CREATE TABLE log (id int AUTO_INCREMENT PRIMARY KEY, what varchar(50));
CREATE TABLE t (id int PRIMARY KEY, a int);
-- after
CREATE TRIGGER bi BEFORE INSERT ON t FOR EACH ROW SET NEW.a = coalesce(NEW.a, 0);
CREATE TRIGGER ai AFTER INSERT ON t FOR EACH ROW INSERT INTO log (what) VALUES ('insert; it''s');
CREATE TRIGGER bu BEFORE UPDATE ON t FOR EACH ROW SET NEW.a = OLD.a + 1;
CREATE TRIGGER au AFTER UPDATE ON t FOR EACH ROW INSERT INTO log (what) VALUES (concat(OLD.id, ' ', NEW.id));
CREATE TRIGGER bd BEFORE DELETE ON t FOR EACH ROW INSERT INTO log (what) VALUES ('gone');
CREATE TRIGGER ad AFTER DELETE ON t FOR EACH ROW DELETE FROM log WHERE id = OLD.id;

-- case: triggers go
-- rows
-- both
CREATE TABLE t (id int PRIMARY KEY, a int);
-- before
CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;
CREATE TRIGGER two BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 2;

-- case: a trigger has several statements
-- rows
-- both
CREATE TABLE t (id int PRIMARY KEY, a int);
-- before
CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;
-- after
DELIMITER //
CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW
BEGIN
  -- A comment; with a semicolon
  DECLARE x int DEFAULT 3;
  IF NEW.a IS NULL THEN
    SET NEW.a = x; /* and another; one */
  END IF;
END//
DELIMITER ;

-- case: triggers fire in another order
-- rows
-- both
CREATE TABLE t (id int PRIMARY KEY, a int);
-- before
CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;
CREATE TRIGGER two BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 2;
CREATE TRIGGER three BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 3;
-- after
CREATE TRIGGER three BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 3;
CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;
CREATE TRIGGER two BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 2;

-- case: a trigger comes between others
-- rows
-- both
CREATE TABLE t (id int PRIMARY KEY, a int);
-- before
CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;
CREATE TRIGGER two BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 2;
-- after
CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;
CREATE TRIGGER two BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 2;
CREATE TRIGGER between_them BEFORE INSERT ON t FOR EACH ROW PRECEDES two SET NEW.a = 7;
CREATE TRIGGER zero BEFORE INSERT ON t FOR EACH ROW PRECEDES one SET NEW.a = 0;

-- case: the first trigger changes
-- says: FOR EACH ROW PRECEDES `two`
-- rows
-- both
CREATE TABLE t (id int PRIMARY KEY, a int);
-- before
CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;
CREATE TRIGGER two BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 2;
-- after
CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 9;
CREATE TRIGGER two BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 2;

-- case: the event of a trigger changes
-- rows
-- both
CREATE TABLE t (id int PRIMARY KEY, a int);
-- before
CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;
-- after
CREATE TRIGGER one BEFORE UPDATE ON t FOR EACH ROW SET NEW.a = 1;

-- case: the table of a trigger changes
-- rows
-- both
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE TABLE u (id int PRIMARY KEY, a int);
-- before
CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;
-- after
CREATE TRIGGER one BEFORE INSERT ON u FOR EACH ROW SET NEW.a = 1;

-- case: a trigger goes with its table
-- rows
-- before
CREATE TABLE z (id int);
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;
-- after
CREATE TABLE z (id int);

-- case: a trigger names a new column
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;
-- after
CREATE TABLE t (id int PRIMARY KEY, b int);
CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW SET NEW.b = 1;

-- case: a trigger stays while its table changes
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;
-- after
CREATE TABLE t (id bigint PRIMARY KEY, a int, b int NOT NULL DEFAULT 4, KEY (a));
CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;

-- case: names of triggers with quotes
-- rows
-- both
CREATE TABLE `t ``x` (id int PRIMARY KEY, `FOR EACH ROW` int);
-- after
CREATE TRIGGER `tr ``1` BEFORE INSERT ON `t ``x` FOR EACH ROW SET NEW.`FOR EACH ROW` = 1;
CREATE TRIGGER `BEFORE INSERT ON` BEFORE UPDATE ON `t ``x` FOR EACH ROW SET NEW.`FOR EACH ROW` = 2;
CREATE TRIGGER `a FOR EACH ROW b` BEFORE INSERT ON `t ``x` FOR EACH ROW SET NEW.`FOR EACH ROW` = 2;
