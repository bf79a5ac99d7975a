CREATE TABLE t (a);
INSERT INTO t
VALUES ('
-- not a comment;
/* nor this;
END;
''
');SELECT 1 FROM (
  SELECT ';'
);
