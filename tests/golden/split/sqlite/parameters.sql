CREATE TABLE p (a);
INSERT INTO p VALUES (?), (?1), (:name), (@name), ($name);
SELECT $tcl::ns::name, $array(key;with;delimiters), :b(';'), @c(--);
SELECT ?1;
