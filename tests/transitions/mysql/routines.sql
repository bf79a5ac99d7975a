-- case: functions come
-- before
CREATE TABLE t (id int PRIMARY KEY);
-- after
CREATE TABLE t (id int PRIMARY KEY);
DELIMITER //
CREATE FUNCTION f (a int, `b c` varchar(20) CHARACTER SET latin1) RETURNS varchar(40) CHARACTER SET utf8mb4
  DETERMINISTIC NO SQL SQL SECURITY INVOKER COMMENT 'it''s; one'
BEGIN
  DECLARE r varchar(40);
  SET r = concat(a, '; ', `b c`);
  RETURN r;
END//
CREATE FUNCTION g () RETURNS int READS SQL DATA
BEGIN
  RETURN (SELECT count(*) FROM t);
END//
DELIMITER ;

-- case: procedures come and go
-- before
CREATE TABLE t (id int PRIMARY KEY);
CREATE PROCEDURE old_one () SELECT 1;
-- after
CREATE TABLE t (id int PRIMARY KEY);
DELIMITER //
CREATE PROCEDURE p (IN a int, OUT b int, INOUT c varchar(20)) MODIFIES SQL DATA
BEGIN
  DECLARE done int DEFAULT 0;
  DECLARE cur CURSOR FOR SELECT id FROM t;
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET done = 1;
  OPEN cur;
  walk: LOOP
    FETCH cur INTO b;
    IF done THEN LEAVE walk; END IF;
  END LOOP;
  CLOSE cur;
  INSERT INTO t VALUES (a);
END//
DELIMITER ;

-- case: the body of a function changes
-- before
CREATE FUNCTION f (a int) RETURNS int DETERMINISTIC RETURN a;
-- after
CREATE FUNCTION f (a int) RETURNS int DETERMINISTIC RETURN a + 1;

-- case: the parameters of a procedure change
-- before
CREATE PROCEDURE p (a int) SELECT a;
-- after
CREATE PROCEDURE p (a int, OUT b bigint) SELECT a INTO b;

-- case: the comment on a function and its security
-- before
CREATE FUNCTION f (a int) RETURNS int DETERMINISTIC RETURN a;
CREATE PROCEDURE p () SQL SECURITY INVOKER COMMENT 'one' SELECT 1;
-- after
CREATE FUNCTION f (a int) RETURNS int DETERMINISTIC COMMENT 'x' RETURN a;
CREATE PROCEDURE p () COMMENT 'two' SELECT 1;

-- case: a function calls another
-- before
CREATE FUNCTION z (a int) RETURNS int DETERMINISTIC RETURN a;
-- after
CREATE FUNCTION z (a int) RETURNS int DETERMINISTIC RETURN a * 2;
CREATE FUNCTION a (x int) RETURNS int DETERMINISTIC RETURN z(x);

-- case: a function that counts rows together
-- before
CREATE TABLE t (id int PRIMARY KEY);
-- after
CREATE TABLE t (id int PRIMARY KEY);
DELIMITER //
CREATE AGGREGATE FUNCTION total (x int) RETURNS int
BEGIN
  DECLARE s int DEFAULT 0;
  DECLARE CONTINUE HANDLER FOR NOT FOUND RETURN s;
  LOOP
    FETCH GROUP NEXT ROW;
    SET s = s + coalesce(x, 0);
  END LOOP;
END//
DELIMITER ;

-- case: a function becomes a procedure
-- before
CREATE FUNCTION f (a int) RETURNS int DETERMINISTIC RETURN a;
-- after
CREATE PROCEDURE f (a int) SELECT a;

-- case: a procedure works on a table that changes
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int);
CREATE PROCEDURE p () INSERT INTO t (a) VALUES (1);
-- after
CREATE TABLE t (id int PRIMARY KEY, b int);
CREATE PROCEDURE p () INSERT INTO t (b) VALUES (1);

-- case: names of routines with quotes
-- before
CREATE TABLE t (id int);
-- after
CREATE TABLE t (id int);
CREATE PROCEDURE `do ``it` () SELECT ';';
CREATE FUNCTION `select` () RETURNS int DETERMINISTIC RETURN 1;
