SELECT 'it\'s; \\', "\";", 'a''b\'', "a""b;";
CREATE TABLE `a``;b` (`c\` INT, `"` INT);
SELECT `c\` FROM `a``;b`;
SELECT '\\', 'C:\\;', '\\\';', "'", '"';
SELECT _utf8'a\';', N'b;', x'3b', X'', b'01', _binary "\\";
SELECT 'a' 'b\';' "c;";
SELECT @`a;`, @'b;', @"c;";
