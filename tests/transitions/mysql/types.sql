-- case: integers grow
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a tinyint, b smallint, c mediumint, d int);
-- after
CREATE TABLE t (id int PRIMARY KEY, a smallint, b mediumint, c int, d bigint);

-- case: integers shrink
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a bigint, b int);
-- after
CREATE TABLE t (id int PRIMARY KEY, a int, b tinyint);

-- case: signs come and go
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, b int unsigned, c bigint unsigned NOT NULL DEFAULT 0);
-- after
CREATE TABLE t (id int PRIMARY KEY, a int unsigned, b int, c bigint NOT NULL DEFAULT 0);

-- case: zerofill comes and goes
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int(6), b int(8) zerofill);
-- after
CREATE TABLE t (id int PRIMARY KEY, a int(6) zerofill, b int unsigned);

-- case: widths of integers
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int(5), b tinyint(1));
-- after
CREATE TABLE t (id int PRIMARY KEY, a int(9), b tinyint(4));

-- case: decimals
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a decimal(8,2), b decimal(10,4), c decimal(5,0) unsigned);
-- after
CREATE TABLE t (id int PRIMARY KEY, a decimal(12,4), b decimal(10,2), c decimal(5,0));

-- case: floats and doubles
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a float, b double, c float(7,3), d double unsigned);
-- after
CREATE TABLE t (id int PRIMARY KEY, a double, b float, c double(10,4), d double);

-- case: numbers of another family
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a int, b decimal(10,2), c double);
-- after
CREATE TABLE t (id int PRIMARY KEY, a decimal(20,2), b double, c bigint);

-- case: bits
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a bit(1), b bit(8) DEFAULT b'101', c bit(3));
-- after
CREATE TABLE t (id int PRIMARY KEY, a bit(4) NOT NULL DEFAULT b'1', b bit(9) DEFAULT b'111', c tinyint);

-- case: years
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a year, b int);
-- after
CREATE TABLE t (id int PRIMARY KEY, a int, b year);

-- case: dates and times
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a date, b datetime, c time, d timestamp NULL);
-- after
CREATE TABLE t (id int PRIMARY KEY, a datetime, b datetime(6), c time(3), d datetime);

-- case: fractions of seconds shrink
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a datetime(6), b time(6), c timestamp(6) NULL);
-- after
CREATE TABLE t (id int PRIMARY KEY, a datetime(3), b time, c timestamp(2) NULL);

-- case: texts grow
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a char(5), b varchar(20), c varchar(200), d tinytext, e text);
-- after
CREATE TABLE t (id int PRIMARY KEY, a char(9), b varchar(60), c varchar(300), d text, e longtext);

-- case: texts shrink
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a char(9), b varchar(300), c mediumtext);
-- after
CREATE TABLE t (id int PRIMARY KEY, a char(5), b varchar(20), c varchar(50));

-- case: texts of another family
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a varchar(20), b text, c char(8));
-- after
CREATE TABLE t (id int PRIMARY KEY, a text, b varchar(100), c varchar(8));

-- case: binaries
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a binary(16), b varbinary(20), c blob, d tinyblob);
-- after
CREATE TABLE t (id int PRIMARY KEY, a varbinary(16), b varbinary(200), c longblob, d mediumblob);

-- case: enums
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a enum('a', 'b'), b enum('x', 'y') NOT NULL DEFAULT 'x');
-- after
CREATE TABLE t (id int PRIMARY KEY, a enum('a', 'b', 'it''s, c'), b enum('w', 'x', 'y') NOT NULL DEFAULT 'w');

-- case: an enum loses a value
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a enum('a', 'b', 'c') DEFAULT 'a');
-- after
CREATE TABLE t (id int PRIMARY KEY, a enum('a', 'c') DEFAULT 'a');

-- case: sets
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a set('a', 'b'), b set('x', 'y', 'z') NOT NULL DEFAULT 'x,y');
-- after
CREATE TABLE t (id int PRIMARY KEY, a set('a', 'b', 'c'), b set('x', 'y') NOT NULL DEFAULT '');

-- case: an enum becomes a text
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a enum('a', 'b'), b varchar(10));
-- after
CREATE TABLE t (id int PRIMARY KEY, a varchar(10), b enum('row 1', 'row 4'));

-- case: json comes and goes
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a json, b longtext);
-- after
CREATE TABLE t (id int PRIMARY KEY, a longtext, b json, c json);

-- case: spatial types
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a point, b geometry);
-- after
CREATE TABLE t (id int PRIMARY KEY, a geometry, b geometry NOT NULL, c polygon, d linestring NOT NULL DEFAULT st_geomfromtext('LINESTRING(0 0,1 1)'),
  e multipoint, f multilinestring, g multipolygon, h geometrycollection);

-- case: uuids and addresses
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a char(36), b varchar(39), c uuid);
-- after
CREATE TABLE t (id int PRIMARY KEY, a uuid, b inet6, c char(36), d inet4, e uuid DEFAULT uuid());

-- case: an address of another kind
-- says: drops column t.a with its values
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a inet4, b int, u uuid NOT NULL, p point);
-- after
CREATE TABLE t (id int PRIMARY KEY, a inet6, b int, u int NOT NULL, p text);

-- case: a key of uuids
-- rows
-- before
CREATE TABLE t (id uuid PRIMARY KEY, a inet4);
-- after
CREATE TABLE t (id uuid NOT NULL DEFAULT uuid() PRIMARY KEY, a inet4);

-- case: a character set of a column
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a varchar(20), b varchar(20) CHARACTER SET latin1);
-- after
CREATE TABLE t (id int PRIMARY KEY, a varchar(20) CHARACTER SET latin1, b varchar(20));

-- case: a collation of a column
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a varchar(20), b varchar(20) COLLATE utf8mb4_bin, UNIQUE KEY (a));
-- after
CREATE TABLE t (id int PRIMARY KEY, a varchar(20) COLLATE utf8mb4_unicode_ci, b varchar(20), UNIQUE KEY (a));

-- case: a text becomes binary
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a varchar(20), b text);
-- after
CREATE TABLE t (id int PRIMARY KEY, a varbinary(80), b blob);

-- case: narrow character sets
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a varchar(20) CHARACTER SET ascii, b text CHARACTER SET utf8mb3, c enum('ä') CHARACTER SET latin1);
-- after
CREATE TABLE t (id int PRIMARY KEY, a varchar(20) CHARACTER SET latin1, b text CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, c enum('ä', 'ö'));

-- case: letters beyond the basic plane
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a varchar(9) DEFAULT '😀');
-- after
CREATE TABLE t (id int PRIMARY KEY, a varchar(9) DEFAULT '🎈', b enum('ß', 'λ') DEFAULT 'λ' COMMENT 'ж');

-- case: all types come
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY);
-- after
CREATE TABLE t (id int PRIMARY KEY, a tinyint unsigned zerofill, b bit(64), c decimal(65,30), d double unsigned, e year NOT NULL DEFAULT 2000,
  f time(6), g char(0), h varbinary(5), i set('a'), j inet6, k uuid, l json, m multipolygon, n longblob, o serial);

-- case: all types go
-- rows
-- before
CREATE TABLE t (id int PRIMARY KEY, a tinyint unsigned zerofill, b bit(64), c decimal(65,30), d double unsigned, e year NOT NULL DEFAULT 2000,
  f time(6), g char(0), h varbinary(5), i set('a'), j inet6, k uuid, l json, m multipolygon, n longblob);
-- after
CREATE TABLE t (id int PRIMARY KEY);
