-- case: not null: a constraint gets a name
-- from: 18
-- before
CREATE TABLE t (a integer NOT NULL, b integer NOT NULL, c integer);
-- after
CREATE TABLE t (a integer CONSTRAINT x NOT NULL, b integer NOT NULL, c integer CONSTRAINT y NOT NULL);
-- says: ALTER TABLE public.t RENAME CONSTRAINT t_a_not_null TO x;
-- says: ADD CONSTRAINT y NOT NULL c;
-- says: Fails if rows don't fit: t.c becomes NOT NULL

-- case: not null: names are swapped
-- from: 18
-- before
CREATE TABLE t (a integer CONSTRAINT x NOT NULL, b integer CONSTRAINT y NOT NULL);
-- after
CREATE TABLE t (a integer CONSTRAINT y NOT NULL, b integer CONSTRAINT x NOT NULL);
-- hides: DROP NOT NULL

-- case: not null: a name is that of a check before
-- from: 18
-- before
CREATE TABLE t (a integer NOT NULL, CONSTRAINT x CHECK (a > 0));
-- after
CREATE TABLE t (a integer CONSTRAINT x NOT NULL, CONSTRAINT y CHECK (a > 0));

-- case: not null: long names are cut as the server cuts them
-- from: 18
-- before
CREATE TABLE a_table_with_a_name_that_is_quite_long_and_goes_on_and_on (a_column_of_a_long_name_as_well_as_that integer);
-- after
CREATE TABLE a_table_with_a_name_that_is_quite_long_and_goes_on_and_on (a_column_of_a_long_name_as_well_as_that integer NOT NULL DEFAULT 1);
-- says: SET NOT NULL

-- case: not null: two tables whose constraints would have one name
-- from: 18
-- before
CREATE TABLE z (a integer);
-- after
CREATE TABLE z (a integer);
CREATE TABLE a_b (c integer NOT NULL);
CREATE TABLE a (b_c integer NOT NULL);

-- case: not null: constraints of columns that are renamed keep to the usual names
-- from: 18
-- before
CREATE TABLE t (a integer NOT NULL, b integer NOT NULL, c integer CONSTRAINT own NOT NULL);
-- after
CREATE TABLE u ( -- renamed from: t
    b integer NOT NULL, -- renamed from: a
    a integer NOT NULL, -- renamed from: b
    d integer CONSTRAINT own NOT NULL -- renamed from: c
);
-- hides: DROP NOT NULL

-- case: not null: a table is renamed, and another one takes its name
-- from: 18
-- before
CREATE TABLE person (id integer PRIMARY KEY, name text NOT NULL);
-- after
CREATE TABLE member ( -- renamed from: person
    id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE person (id integer PRIMARY KEY, name text NOT NULL);

-- case: not null: columns of a new table that aren't validated, or are not for children
-- from: 18
-- before
CREATE TABLE z (a integer);
-- after
CREATE TABLE z (a integer);
CREATE TABLE t (a integer, b integer NOT NULL NO INHERIT, c integer CONSTRAINT own NOT NULL NO INHERIT, d integer);
ALTER TABLE t ADD CONSTRAINT late NOT NULL a NOT VALID;
ALTER TABLE t ADD NOT NULL d NO INHERIT NOT VALID;
COMMENT ON CONSTRAINT late ON t IS 'not yet';
COMMENT ON CONSTRAINT own ON t IS 'its own';

-- case: not null: a column refuses NULL for new rows only
-- from: 18
-- before
CREATE TABLE t (a integer, b integer DEFAULT 5);
-- after
CREATE TABLE t (a integer, b integer DEFAULT 5);
ALTER TABLE t ADD NOT NULL a NOT VALID;
ALTER TABLE t ADD CONSTRAINT own NOT NULL b NOT VALID;
-- says: ALTER TABLE public.t ADD NOT NULL a NOT VALID;
-- says: ALTER TABLE public.t ADD CONSTRAINT own NOT NULL b NOT VALID;
-- hides: UPDATE
-- hides: Fails if

-- case: not null: what was for new rows only is validated
-- from: 18
-- both
CREATE TABLE t (a integer, b integer DEFAULT 5);
-- before
ALTER TABLE t ADD NOT NULL a NOT VALID;
ALTER TABLE t ADD CONSTRAINT own NOT NULL b NOT VALID;
-- after
ALTER TABLE t ALTER a SET NOT NULL;
ALTER TABLE t ADD CONSTRAINT own NOT NULL b;
-- says: ALTER TABLE public.t VALIDATE CONSTRAINT t_a_not_null;
-- says: UPDATE public.t SET b = 5 WHERE b IS NULL;
-- says: Fails if rows don't fit: t.a becomes NOT NULL

-- case: not null: a constraint that isn't validated gets another name, and is validated
-- from: 18
-- both
CREATE TABLE t (a integer);
-- before
ALTER TABLE t ADD CONSTRAINT old NOT NULL a NOT VALID;
-- after
ALTER TABLE t ADD CONSTRAINT new NOT NULL a;
-- says: RENAME CONSTRAINT old TO new
-- says: VALIDATE CONSTRAINT new

-- case: not null: a new column refuses NULL for new rows only
-- from: 18
-- both
CREATE TABLE t (a integer);
-- after
ALTER TABLE t ADD b integer;
ALTER TABLE t ADD CONSTRAINT late NOT NULL b NOT VALID;
COMMENT ON CONSTRAINT late ON t IS 'not yet';
-- hides: FILL IN

-- case: not null: a constraint is for children, too
-- from: 18
-- before
CREATE TABLE p (a integer NOT NULL NO INHERIT, b integer);
CREATE TABLE c (d integer) INHERITS (p);
-- after
CREATE TABLE p (a integer NOT NULL, b integer);
CREATE TABLE c (d integer) INHERITS (p);
-- says: ALTER TABLE public.p ALTER CONSTRAINT p_a_not_null INHERIT
-- says: c.a becomes NOT NULL

-- case: not null: a constraint is not for children any more
-- from: 18
-- before
CREATE TABLE p (a integer NOT NULL, b integer);
CREATE TABLE c (d integer) INHERITS (p);
-- after
CREATE TABLE p (a integer NOT NULL NO INHERIT, b integer);
CREATE TABLE c (d integer) INHERITS (p);

-- case: not null: parents and children refuse NULL each in its own way
-- from: 18
-- before
CREATE TABLE z (a integer);
-- after
CREATE TABLE z (a integer);
CREATE TABLE p (a integer NOT NULL, b integer CONSTRAINT pb NOT NULL, c integer, d integer NOT NULL);
CREATE TABLE c1 (b integer) INHERITS (p);
CREATE TABLE c2 (b integer NOT NULL, CONSTRAINT own NOT NULL c) INHERITS (p);
CREATE TABLE c3 (CONSTRAINT other NOT NULL a, NOT NULL c, e integer NOT NULL) INHERITS (p);

-- case: not null: a column of a parent refuses NULL, or not
-- from: 18
-- before
CREATE TABLE p (a integer NOT NULL, b integer DEFAULT 1);
CREATE TABLE c (d integer) INHERITS (p);
-- after
CREATE TABLE p (a integer, b integer CONSTRAINT own NOT NULL DEFAULT 1);
CREATE TABLE c (d integer) INHERITS (p);

-- case: not null: a constraint of a parent gets another name
-- from: 18
-- before
CREATE TABLE p (a integer CONSTRAINT old NOT NULL) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
-- after
CREATE TABLE p (a integer CONSTRAINT new NOT NULL) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
-- says: RENAME CONSTRAINT old TO new

-- case: not null: a constraint of a parent gets another name, which a partition doesn't have
-- from: 18
-- before
CREATE TABLE p (a integer, b integer CONSTRAINT old NOT NULL) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p (CONSTRAINT own NOT NULL b) FOR VALUES IN (1);
-- after
CREATE TABLE p (a integer, b integer CONSTRAINT new NOT NULL) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p (CONSTRAINT own NOT NULL b) FOR VALUES IN (1);

-- case: not null: partitions refuse NULL by other names
-- from: 18
-- before
CREATE TABLE z (a integer);
-- after
CREATE TABLE z (a integer);
CREATE TABLE p (a integer NOT NULL, b integer CONSTRAINT pb NOT NULL, c integer) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE p2 PARTITION OF p (CONSTRAINT own NOT NULL b, c NOT NULL) FOR VALUES IN (2);
CREATE TABLE p3 (a integer NOT NULL, b integer NOT NULL, c integer CONSTRAINT pc NOT NULL);
ALTER TABLE p ATTACH PARTITION p3 FOR VALUES IN (3);

-- case: not null: a table becomes a partition
-- from: 18
-- both
CREATE TABLE p (a integer NOT NULL, b integer CONSTRAINT pb NOT NULL, c integer) PARTITION BY LIST (a);
CREATE TABLE q (LIKE p) PARTITION BY LIST (a);
-- before
CREATE TABLE p1 (a integer NOT NULL, b integer NOT NULL, c integer NOT NULL);
CREATE TABLE q1 (a integer NOT NULL, b integer, c integer);
-- after
CREATE TABLE p1 PARTITION OF p DEFAULT;
CREATE TABLE q1 PARTITION OF q DEFAULT;

-- case: not null: a table leaves its parent
-- from: 18
-- before
CREATE TABLE p (a integer NOT NULL, b integer CONSTRAINT pb NOT NULL, c integer);
CREATE TABLE c (a integer NOT NULL, b integer NOT NULL, c integer) INHERITS (p);
-- after
CREATE TABLE p (a integer NOT NULL, b integer CONSTRAINT pb NOT NULL, c integer);
CREATE TABLE c (a integer NOT NULL, b integer NOT NULL, c integer);

-- case: not null: a partitioned table isn't validated, some partitions are
-- from: 18
-- before
CREATE TABLE z (a integer);
-- after
CREATE TABLE z (a integer);
CREATE TABLE p (a integer, b integer) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
ALTER TABLE p ADD NOT NULL b NOT VALID;
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);

-- case: not null: a partitioned table is validated
-- from: 18
-- both
CREATE TABLE p (a integer, b integer) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
ALTER TABLE p ADD NOT NULL b NOT VALID;
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
-- after
ALTER TABLE p VALIDATE CONSTRAINT p_b_not_null;
-- says: VALIDATE CONSTRAINT p_b_not_null

-- case: not null: comments on constraints come, change and go
-- from: 18
-- both
CREATE TABLE t (a integer NOT NULL, b integer CONSTRAINT x NOT NULL, c integer, d integer NOT NULL);
CREATE DOMAIN e AS integer CONSTRAINT y NOT NULL;
-- before
COMMENT ON CONSTRAINT x ON t IS 'old';
COMMENT ON CONSTRAINT t_d_not_null ON t IS 'goes';
ALTER TABLE t ALTER d DROP NOT NULL;
ALTER TABLE t ALTER d SET NOT NULL;
COMMENT ON CONSTRAINT t_d_not_null ON t IS 'goes';
-- after
COMMENT ON CONSTRAINT x ON t IS 'new';
COMMENT ON CONSTRAINT t_a_not_null ON t IS 'comes';
ALTER TABLE t ADD CONSTRAINT z NOT NULL c;
COMMENT ON CONSTRAINT z ON t IS 'with it';
ALTER TABLE t ALTER d DROP NOT NULL;
COMMENT ON CONSTRAINT y ON DOMAIN e IS 'of a domain';

-- case: not null: domains refuse NULL by names
-- from: 17
-- before
CREATE DOMAIN a AS integer NOT NULL;
CREATE DOMAIN b AS integer CONSTRAINT old NOT NULL;
CREATE DOMAIN c AS integer CONSTRAINT gone NOT NULL;
CREATE DOMAIN d AS integer;
-- after
CREATE DOMAIN a AS integer CONSTRAINT own NOT NULL;
CREATE DOMAIN b AS integer CONSTRAINT new NOT NULL;
CREATE DOMAIN c AS integer;
CREATE DOMAIN d AS integer CONSTRAINT come NOT NULL;
CREATE DOMAIN e AS integer CONSTRAINT made NOT NULL CHECK (VALUE > 0);
-- says: ALTER DOMAIN public.b RENAME CONSTRAINT old TO new
-- says: ALTER DOMAIN public.d ADD CONSTRAINT come NOT NULL

-- case: not null: a domain is renamed
-- from: 17
-- before
CREATE DOMAIN a AS integer NOT NULL;
CREATE TABLE t (a a);
-- after
CREATE DOMAIN b AS integer NOT NULL; -- renamed from: a
CREATE TABLE t (a b);
-- says: RENAME CONSTRAINT a_not_null TO b_not_null

-- case: not null: identities and keys refuse NULL by names
-- from: 18
-- before
CREATE TABLE t (a integer PRIMARY KEY, b integer);
-- after
CREATE TABLE t (a integer CONSTRAINT x NOT NULL PRIMARY KEY, b integer CONSTRAINT y NOT NULL GENERATED ALWAYS AS IDENTITY);
CREATE TABLE u (a integer CONSTRAINT x NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY, b serial CONSTRAINT y NOT NULL);

-- case: not null: a table is like another one, with the names of its constraints
-- from: 18
-- before
CREATE TABLE z (a integer);
-- after
CREATE TABLE z (a integer);
CREATE TABLE document (a integer NOT NULL, b integer NOT NULL);
CREATE TABLE archive (LIKE document);
