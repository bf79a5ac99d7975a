CREATE TABLE item (id INTEGER PRIMARY KEY, stock INTEGER);
CREATE TABLE log (item INTEGER, what TEXT);
CREATE TRIGGER item_added AFTER INSERT ON item
BEGIN
    INSERT INTO log VALUES (new.id, 'added; new');
    UPDATE item SET stock = 0 WHERE stock IS NULL;
END;
INSERT INTO item (id) VALUES (1);
