CREATE TABLE t (a INT);
DELIMITER ;;
/*!50003 CREATE*/ /*!50017 DEFINER=`root`@`localhost`*/ /*!50003 TRIGGER `tr` BEFORE INSERT ON `t` FOR EACH ROW BEGIN
  SET NEW.a = 1;
  SET @b = ';;';
END */;;
DELIMITER ;
/*!50003 SET sql_mode = @saved_sql_mode */ ;
