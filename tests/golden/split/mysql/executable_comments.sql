/*!40101 SET @a = 1 */;
/*!40101 SET @b = ';*/' */;
/*!40101 SET @c = 1 /* ; */ */;
SELECT 1 /*! + 1 */ /*!99999 + ; */;
CREATE /*!32302 TEMPORARY */ TABLE t (a INT) /*!40100 DEFAULT CHARSET=utf8mb4 */;
/*M!100100 SET @d = "*/" */;
/*!40000 ALTER TABLE `t` DISABLE KEYS */;
INSERT INTO t VALUES /*!(1)*/;
/* ! not; */ SELECT 2;
SELECT /*+ hint; */ 3;
/*!40101 SET @e = 2 -- it's; */
*/;
/*!50003 SELECT */ 4;
