CREATE TABLE t (a int);
\connect postgres://me:secret@host/db
CREATE TABLE u (a int);
