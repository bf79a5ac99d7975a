CREATE TABLE t (a TEXT, b INTEGER, c TEXT);
CREATE INDEX gone ON t (a);
CREATE INDEX same ON t (a COLLATE NOCASE DESC, b) WHERE b IS NOT NULL;
CREATE INDEX columns ON t (a, b);
CREATE INDEX uniq ON t (a);
CREATE INDEX filter ON t (a) WHERE b > 1;
CREATE INDEX expr ON t (lower(a));
CREATE INDEX ordered ON t (a);
CREATE INDEX collated ON t (a);
