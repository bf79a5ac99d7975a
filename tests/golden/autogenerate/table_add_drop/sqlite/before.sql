CREATE TABLE old_child (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES old_parent (id));
CREATE TABLE old_parent (id INTEGER PRIMARY KEY);
CREATE INDEX old_child_parent ON old_child (parent);
