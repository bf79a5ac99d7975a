-- Foreign keys.

-- case: a foreign key is added to a table that has rows
-- both
CREATE TABLE author (id integer PRIMARY KEY, name text);
CREATE TABLE book (id integer PRIMARY KEY, author_id integer);
-- after
ALTER TABLE book ADD CONSTRAINT by FOREIGN KEY (author_id) REFERENCES author;

-- case: a foreign key comes with its column and its table
-- both
CREATE TABLE book (id integer PRIMARY KEY);
-- after
CREATE TABLE author (id integer PRIMARY KEY, name text);
ALTER TABLE book ADD author_id integer REFERENCES author ON DELETE SET NULL;

-- case: the actions of a foreign key change
-- golden: actions
-- both
CREATE TABLE author (id integer PRIMARY KEY);
-- before
CREATE TABLE book (author_id integer REFERENCES author ON DELETE CASCADE);
-- after
CREATE TABLE book (author_id integer REFERENCES author ON DELETE SET NULL ON UPDATE CASCADE);

-- case: a foreign key sets some of its columns to NULL
-- from: 15
-- both
CREATE TABLE author (tenant integer, id integer, PRIMARY KEY (tenant, id));
-- before
CREATE TABLE book (tenant integer, author_id integer, FOREIGN KEY (tenant, author_id) REFERENCES author ON DELETE SET NULL);
-- after
CREATE TABLE book (tenant integer, author_id integer, FOREIGN KEY (tenant, author_id) REFERENCES author ON DELETE SET NULL (author_id));

-- case: a foreign key becomes deferrable
-- both
CREATE TABLE author (id integer PRIMARY KEY);
-- before
CREATE TABLE book (author_id integer REFERENCES author);
-- after
CREATE TABLE book (author_id integer REFERENCES author DEFERRABLE INITIALLY DEFERRED);

-- case: a deferred foreign key is checked at once again
-- both
CREATE TABLE author (id integer PRIMARY KEY);
-- before
CREATE TABLE book (author_id integer REFERENCES author DEFERRABLE INITIALLY DEFERRED);
-- after
CREATE TABLE book (author_id integer REFERENCES author DEFERRABLE);

-- case: a foreign key matches in full
-- both
CREATE TABLE author (tenant integer, id integer, PRIMARY KEY (tenant, id));
-- before
CREATE TABLE book (tenant integer, author_id integer, FOREIGN KEY (tenant, author_id) REFERENCES author);
-- after
CREATE TABLE book (tenant integer, author_id integer, FOREIGN KEY (tenant, author_id) REFERENCES author MATCH FULL);

-- case: a foreign key is not valid yet
-- both
CREATE TABLE author (id integer PRIMARY KEY);
CREATE TABLE book (author_id integer);
-- after
ALTER TABLE book ADD FOREIGN KEY (author_id) REFERENCES author NOT VALID;

-- case: a foreign key is validated
-- both
CREATE TABLE author (id integer PRIMARY KEY);
CREATE TABLE book (author_id integer);
-- before
ALTER TABLE book ADD CONSTRAINT by FOREIGN KEY (author_id) REFERENCES author NOT VALID;
-- after
ALTER TABLE book ADD CONSTRAINT by FOREIGN KEY (author_id) REFERENCES author;

-- case: a foreign key refers to another table
-- both
CREATE TABLE author (id integer PRIMARY KEY);
CREATE TABLE editor (id integer PRIMARY KEY);
-- before
CREATE TABLE book (by integer CONSTRAINT made_by REFERENCES author);
-- after
CREATE TABLE book (by integer CONSTRAINT made_by REFERENCES editor);

-- case: a foreign key refers to a unique constraint instead of the key
-- both
CREATE TABLE author (id integer PRIMARY KEY, code integer CONSTRAINT coded UNIQUE);
-- before
CREATE TABLE book (by integer REFERENCES author (id));
-- after
CREATE TABLE book (by integer REFERENCES author (code));

-- case: a foreign key refers to a unique index that changes
-- before
CREATE TABLE author (id integer NOT NULL, name text);
CREATE UNIQUE INDEX author_id ON author (id);
CREATE TABLE book (by integer REFERENCES author (id));
-- after
CREATE TABLE author (id integer NOT NULL, name text);
CREATE UNIQUE INDEX author_id ON author (id) INCLUDE (name);
CREATE TABLE book (by integer REFERENCES author (id));

-- case: the referenced table goes
-- before
CREATE TABLE author (id integer PRIMARY KEY);
CREATE TABLE book (id integer, by integer REFERENCES author);
-- after
CREATE TABLE book (id integer, by integer);

-- case: the referenced table and the column go
-- before
CREATE TABLE author (id integer PRIMARY KEY);
CREATE TABLE book (id integer, by integer REFERENCES author);
-- after
CREATE TABLE book (id integer);

-- case: a table refers to itself
-- before
CREATE TABLE person (id integer PRIMARY KEY);
-- after
CREATE TABLE person (id integer PRIMARY KEY, boss integer REFERENCES person ON DELETE SET NULL);

-- case: two tables refer to each other
-- before
CREATE TABLE team (id integer PRIMARY KEY);
CREATE TABLE person (id integer PRIMARY KEY, team_id integer NOT NULL REFERENCES team);
-- after
CREATE TABLE team (id integer PRIMARY KEY, lead_id integer);
CREATE TABLE person (id integer PRIMARY KEY, team_id integer NOT NULL REFERENCES team);
ALTER TABLE team ADD FOREIGN KEY (lead_id) REFERENCES person;

-- case: tables that refer to each other go
-- before
CREATE TABLE team (id integer PRIMARY KEY, lead_id integer);
CREATE TABLE person (id integer PRIMARY KEY, team_id integer NOT NULL REFERENCES team);
ALTER TABLE team ADD FOREIGN KEY (lead_id) REFERENCES person;

-- case: a table in a ring is made anew with another key
-- before
CREATE TABLE team (id integer PRIMARY KEY, lead_id integer);
CREATE TABLE person (id integer PRIMARY KEY, team_id integer REFERENCES team);
ALTER TABLE team ADD CONSTRAINT lead FOREIGN KEY (lead_id) REFERENCES person;
-- after
CREATE TABLE team (id bigint PRIMARY KEY, lead_id bigint);
CREATE TABLE person (id bigint PRIMARY KEY, team_id bigint REFERENCES team);
ALTER TABLE team ADD CONSTRAINT lead FOREIGN KEY (lead_id) REFERENCES person;

-- case: a foreign key with an index below it
-- both
CREATE TABLE author (id integer PRIMARY KEY);
-- before
CREATE TABLE book (id integer PRIMARY KEY);
-- after
CREATE TABLE book (id integer PRIMARY KEY, by integer NOT NULL REFERENCES author);
CREATE INDEX book_by ON book (by);

-- case: the columns of a foreign key are paired otherwise
-- both
CREATE TABLE p (a integer, b integer, UNIQUE (a, b), UNIQUE (b, a));
-- before
CREATE TABLE c (x integer, y integer, CONSTRAINT pair FOREIGN KEY (x, y) REFERENCES p (a, b));
-- after
CREATE TABLE c (x integer, y integer, CONSTRAINT pair FOREIGN KEY (x, y) REFERENCES p (b, a));

-- case: a key to the own table goes with the columns at both ends
-- before
CREATE TABLE part (id integer PRIMARY KEY, up integer REFERENCES part, name text);
-- after
CREATE TABLE part (code text PRIMARY KEY, name text);

-- case: a key that takes all columns or none gets a column with a default
-- before
CREATE TABLE author (a integer, b text, PRIMARY KEY (a, b));
CREATE TABLE book (a integer);
-- after
CREATE TABLE author (a integer, b text, PRIMARY KEY (a, b));
CREATE TABLE book (a integer, b text DEFAULT 'b', FOREIGN KEY (a, b) REFERENCES author MATCH FULL);
