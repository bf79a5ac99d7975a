CREATE VIRTUAL TABLE notes USING fts5(body, tokenize = "unicode61 separators ';'");
INSERT INTO notes VALUES ('a; b');
CREATE VIRTUAL TABLE place USING rtree(id, minx, maxx);
EXPLAIN CREATE VIRTUAL TABLE odd USING any_module(SQLite takes; (any; token) here;);
SELECT 1;
