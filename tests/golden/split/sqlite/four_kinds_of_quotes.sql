CREATE TABLE "semi;colon" (`back;tick` TEXT, [brack;et] TEXT, 'apo;strophe' TEXT, "do;uble" TEXT);
INSERT INTO [semi;colon] VALUES ('a"b;', 'c`d;', 'e]f;', 'g[h;');
DROP TABLE `semi;colon`;
