SELECT U&'\0041;\' UESCAPE '!', U&"\;" FROM (SELECT 1 AS U&"\005C;") AS t;
SELECT b'0101', B'1;', x'1f', X'';
SELECT n'C:\', N'a;b\';
SELECT bit'1;', date'2020-01-01;';
SELECT u & '1' FROM (SELECT 1 AS u) AS t;
