SELECT U&'!0041;\' UESCAPE '!', U&"\005C;" FROM (SELECT 1 AS "\;") AS t;
SELECT b'0101', B'1', x'1f', X'';
SELECT n'C:\', N'a;b\';
SELECT bit'1', text';\';
SELECT u & '1' FROM (SELECT 1 AS u) AS t;
