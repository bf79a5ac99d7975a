CREATE TABLE überschrift (größe INTEGER, 名前 TEXT, "emoji 🦀;" TEXT);
INSERT INTO überschrift VALUES (1, '語;', '🦀🦀'); SELECT 名前 FROM überschrift; /* é */ SELECT 2;
SELECT 1 AS endé; SELECT 1 AS  ;
