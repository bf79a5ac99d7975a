SELECT E'it\'s; \\', e'\';', E'a''b\'';
SELECT 'C:\', 'D:\';
SELECT name'C:\', name'\';
CREATE TABLE te (e text DEFAULT 'x\', "E" text DEFAULT E'\\');
SELECT "E" 'x' FROM te;
SELECT te.e, E'\\\';\\' FROM te;
