-- A table; and an index.
CREATE TABLE notes (id INT PRIMARY KEY, body VARCHAR(99) DEFAULT 'a;b') COMMENT "c;";
CREATE INDEX notes_body ON notes (body) ;
  INSERT INTO notes VALUES (1, 'it''s; fine'), (2, ";");;
;
SELECT ';' AS `semi;colon`, body FROM notes WHERE body <> '--;' # the last;
