CREATE TABLE "begin" ("end" TEXT, [trigger] TEXT, `case` TEXT);
CREATE TRIGGER "end" AFTER INSERT ON "begin" BEGIN
    UPDATE "begin" SET "end" = new."end";
    INSERT INTO [begin] ([end]) SELECT `end` FROM `begin` WHERE 0;
END;
CREATE TRIGGER create_trigger AFTER DELETE ON "begin" BEGIN SELECT 1 AS "end"; END;
CREATE TABLE ending (end_at TEXT, begin_at TEXT); SELECT end_at FROM ending;
