DELIMITER //
//
;//
;; SELECT 1; ;//
-- a comment;
//
/*!40101 */ //
DELIMITER ;
;
DELIMITER //
