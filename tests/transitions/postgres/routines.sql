-- Functions, procedures and aggregates.

-- case: a function is created
-- after
CREATE FUNCTION add_tax(sum numeric, rate numeric DEFAULT 0.19) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT sum * (1 + rate) $$;
COMMENT ON FUNCTION add_tax(numeric, numeric) IS 'with tax';

-- case: a function is dropped
-- before
CREATE FUNCTION add_tax(sum numeric) RETURNS numeric LANGUAGE sql AS $$ SELECT sum $$;

-- case: functions of all kinds are created
-- from: 14
-- both
CREATE TABLE t (a integer, b text);
-- after
CREATE FUNCTION f1(VARIADIC integer[]) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f2(OUT a integer, INOUT b text) LANGUAGE sql AS $$ SELECT 1, b $$;
CREATE FUNCTION f3(lim integer) RETURNS TABLE (x integer, "Y z" text) LANGUAGE sql ROWS 50 AS 'SELECT a, b FROM public.t LIMIT lim';
CREATE FUNCTION f4(anyelement) RETURNS anyarray LANGUAGE sql AS 'SELECT ARRAY[$1]';
CREATE FUNCTION f5() RETURNS SETOF t LANGUAGE plpgsql STABLE AS $body$ BEGIN RETURN QUERY SELECT * FROM public.t; END $body$;
CREATE FUNCTION f6() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET work_mem = '8MB' AS $$ BEGIN PERFORM 1; END $$;
CREATE FUNCTION f7(t) RETURNS text LANGUAGE sql COST 5 LEAKPROOF STRICT AS 'SELECT $1.b';
CREATE FUNCTION f8(a integer, b integer DEFAULT 2) RETURNS integer LANGUAGE sql RETURN a + b;
CREATE FUNCTION f9() RETURNS SETOF record LANGUAGE sql BEGIN ATOMIC SELECT a, b FROM t; END;
CREATE FUNCTION "F 10"("a b" integer) RETURNS integer LANGUAGE sql AS $$ SELECT "a b" $$;

-- case: the body of a function changes
-- before
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
    -- once
    RETURN a;
END $$;
-- after
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
    -- twice; 'quoted' $1 "x"
    RETURN a * 2;
END $$;

-- case: the body of a function with dollars in it changes
-- before
CREATE FUNCTION f() RETURNS text LANGUAGE sql AS 'SELECT $$a$$::text';
-- after
CREATE FUNCTION f() RETURNS text LANGUAGE sql AS 'SELECT $function$b$function$::text || $$a$$';

-- case: a function differs in its line ends only
-- same
-- before
CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS E'\nSELECT 1\n';
-- after
CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS E'\r\nSELECT 1\r\n';

-- case: all attributes of a function change
-- before
CREATE FUNCTION f(a integer) RETURNS SETOF integer LANGUAGE sql AS 'SELECT 1';
-- after
CREATE FUNCTION f(a integer) RETURNS SETOF integer LANGUAGE sql STABLE STRICT LEAKPROOF SECURITY DEFINER PARALLEL RESTRICTED COST 7 ROWS 9 SET work_mem = '1MB' AS 'SELECT 1';

-- case: a function changes its language
-- before
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
-- after
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';

-- case: a function changes its result
-- before
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
-- after
CREATE FUNCTION f(a integer) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';

-- case: a function that a view calls changes its result
-- golden: function_under_a_view
-- before
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
-- after
CREATE FUNCTION f(a integer) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';
-- both
CREATE TABLE t (a integer);
CREATE VIEW v AS SELECT f(a) AS n FROM t;
CREATE VIEW w AS SELECT n FROM v;

-- case: a function changes its arguments
-- before
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
-- after
CREATE FUNCTION f(a bigint, b text) RETURNS integer LANGUAGE sql AS 'SELECT 1';

-- case: a function changes the name of an argument
-- before
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT a';
-- after
CREATE FUNCTION f(b integer) RETURNS integer LANGUAGE sql AS 'SELECT b';

-- case: a function names an argument
-- before
CREATE FUNCTION f(integer) RETURNS integer LANGUAGE sql AS 'SELECT $1';
-- after
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT $1';

-- case: a function gets a default and changes another
-- before
CREATE FUNCTION f(a integer, b integer, c integer DEFAULT 1) RETURNS integer LANGUAGE sql AS 'SELECT 1';
-- after
CREATE FUNCTION f(a integer, b integer DEFAULT 5, c integer DEFAULT 2) RETURNS integer LANGUAGE sql AS 'SELECT 1';

-- case: a function whose default goes is called by a view
-- before
CREATE FUNCTION f(a integer, b integer DEFAULT 1) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE VIEW v AS SELECT f(1) AS x;
-- after
CREATE FUNCTION f(a integer, b integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE VIEW v AS SELECT f(1, 1) AS x;

-- case: a function of output columns gets one more
-- before
CREATE FUNCTION f() RETURNS TABLE (a integer) LANGUAGE sql AS 'SELECT 1';
-- after
CREATE FUNCTION f() RETURNS TABLE (a integer, b integer) LANGUAGE sql AS 'SELECT 1, 2';

-- case: an overload is added and one goes
-- before
CREATE FUNCTION f(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f(text) RETURNS integer LANGUAGE sql AS 'SELECT 2';
-- after
CREATE FUNCTION f(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f(integer, integer) RETURNS integer LANGUAGE sql AS 'SELECT 3';

-- case: a function becomes a procedure
-- before
CREATE FUNCTION f(a integer) RETURNS void LANGUAGE sql AS 'SELECT 1';
-- after
CREATE PROCEDURE f(a integer) LANGUAGE sql AS 'SELECT 1';

-- case: procedures are created, changed and dropped
-- from: 14
-- both
CREATE TABLE t (a integer);
-- before
CREATE PROCEDURE gone(a integer) LANGUAGE sql AS 'INSERT INTO public.t VALUES (a)';
CREATE PROCEDURE kept(a integer) LANGUAGE sql AS 'INSERT INTO public.t VALUES (a)';
-- after
CREATE PROCEDURE kept(a integer) LANGUAGE sql AS 'INSERT INTO public.t VALUES (a + 1)';
CREATE PROCEDURE fresh(INOUT a integer, OUT b text) LANGUAGE plpgsql AS $$ BEGIN b := 'x'; COMMIT; END $$;
COMMENT ON PROCEDURE fresh(integer) IS 'with a commit';

-- case: functions call each other in their parsed bodies
-- from: 14
-- after
CREATE FUNCTION a() RETURNS integer LANGUAGE sql RETURN 1;
CREATE FUNCTION z() RETURNS integer LANGUAGE sql RETURN a() + 1;
CREATE FUNCTION m() RETURNS integer LANGUAGE sql RETURN z() + 1;

-- case: a function with a parsed body stands on one that changes its result
-- from: 14
-- before
CREATE FUNCTION z() RETURNS integer LANGUAGE sql RETURN 1;
CREATE FUNCTION a() RETURNS bigint LANGUAGE sql RETURN (z() + 1)::bigint;
-- after
CREATE FUNCTION z() RETURNS bigint LANGUAGE sql RETURN 1::bigint;
CREATE FUNCTION a() RETURNS bigint LANGUAGE sql RETURN (z() + 1)::bigint;

-- case: a function names a table that comes later
-- after
CREATE TABLE zoo (a integer);
CREATE FUNCTION animals() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM public.zoo';

-- case: a function with a comment is made anew
-- before
CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
COMMENT ON FUNCTION f(integer) IS 'said';
-- after
CREATE FUNCTION f(a integer) RETURNS text LANGUAGE sql AS $$ SELECT 'x'::text $$;
COMMENT ON FUNCTION f(integer) IS 'said';

-- case: a function over types of the user changes with them
-- before
CREATE TYPE pair AS (a integer, b integer);
CREATE FUNCTION f(pair) RETURNS pair LANGUAGE sql AS 'SELECT $1';
-- after
CREATE TYPE couple AS (a integer, b integer, c text);
CREATE FUNCTION f(couple) RETURNS couple LANGUAGE sql AS 'SELECT $1';

-- case: a function used by a default, a check, an index, a policy and a trigger changes its result
-- from: 14
-- before
CREATE FUNCTION norm(a text) RETURNS text IMMUTABLE LANGUAGE sql RETURN lower(a);
-- after
CREATE FUNCTION norm(a text) RETURNS varchar IMMUTABLE LANGUAGE sql RETURN lower(a)::varchar;
-- both
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TABLE t (a text DEFAULT norm('X'), CONSTRAINT c CHECK (norm(a) <> ''));
CREATE INDEX i ON t (norm(a));
CREATE POLICY p ON t USING (norm(a) = 'x');
CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW WHEN (norm(NEW.a) = 'y') EXECUTE FUNCTION noted();

-- case: the function of a trigger changes its body
-- before
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
-- after
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
-- both
CREATE TABLE t (a integer);
CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION noted();

-- case: a window function is created
-- after
CREATE FUNCTION number_of() RETURNS bigint LANGUAGE internal WINDOW IMMUTABLE AS 'window_row_number';

-- case: an aggregate is created
-- from: 14
-- after
CREATE FUNCTION longer(text, text) RETURNS text IMMUTABLE LANGUAGE sql RETURN CASE WHEN length($1) > length($2) THEN $1 ELSE $2 END;
CREATE AGGREGATE longest(text) (SFUNC = longer, STYPE = text, INITCOND = '');
COMMENT ON AGGREGATE longest(text) IS 'the longest text';

-- case: an aggregate with all its parts is created
-- from: 14
-- after
CREATE FUNCTION state(bigint, integer) RETURNS bigint IMMUTABLE LANGUAGE sql RETURN $1 + $2;
CREATE FUNCTION unstate(bigint, integer) RETURNS bigint IMMUTABLE LANGUAGE sql RETURN $1 - $2;
CREATE FUNCTION joined(bigint, bigint) RETURNS bigint IMMUTABLE LANGUAGE sql RETURN $1 + $2;
CREATE FUNCTION final(bigint) RETURNS text IMMUTABLE LANGUAGE sql RETURN $1::text;
CREATE AGGREGATE total(integer) (SFUNC = state, STYPE = bigint, SSPACE = 8, FINALFUNC = final, FINALFUNC_MODIFY = shareable,
    COMBINEFUNC = joined, INITCOND = '0', MSFUNC = state, MINVFUNC = unstate, MSTYPE = bigint, MSSPACE = 16,
    MFINALFUNC = final, MINITCOND = '0', PARALLEL = safe);

-- case: aggregates of no argument, of sets in order and hypothetical ones
-- from: 14
-- after
CREATE FUNCTION one_more(bigint) RETURNS bigint IMMUTABLE LANGUAGE sql RETURN $1 + 1;
CREATE AGGREGATE rows_of(*) (SFUNC = one_more, STYPE = bigint, INITCOND = '0');
CREATE AGGREGATE my_percentile(float8 ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA);
CREATE AGGREGATE my_rank(VARIADIC "any" ORDER BY VARIADIC "any") (SFUNC = ordered_set_transition_multi, STYPE = internal, FINALFUNC = rank_final, FINALFUNC_EXTRA, HYPOTHETICAL);

-- case: an aggregate with a sort operator
-- from: 14
-- after
CREATE FUNCTION smaller(integer, integer) RETURNS integer IMMUTABLE LANGUAGE sql RETURN least($1, $2);
CREATE AGGREGATE lowest(integer) (SFUNC = smaller, STYPE = integer, SORTOP = <);

-- case: an aggregate changes its start and its final function
-- from: 14
-- before
CREATE FUNCTION state(bigint, integer) RETURNS bigint IMMUTABLE LANGUAGE sql RETURN $1 + $2;
CREATE FUNCTION final(bigint) RETURNS bigint IMMUTABLE LANGUAGE sql RETURN $1 * 2;
CREATE AGGREGATE total(integer) (SFUNC = state, STYPE = bigint, INITCOND = '0');
CREATE VIEW v AS SELECT total(x) AS t FROM generate_series(1, 3) AS x;
-- after
CREATE FUNCTION state(bigint, integer) RETURNS bigint IMMUTABLE LANGUAGE sql RETURN $1 + $2;
CREATE FUNCTION final(bigint) RETURNS bigint IMMUTABLE LANGUAGE sql RETURN $1 * 2;
CREATE AGGREGATE total(integer) (SFUNC = state, STYPE = bigint, INITCOND = '5', FINALFUNC = final);
CREATE VIEW v AS SELECT total(x) AS t FROM generate_series(1, 3) AS x;

-- case: an aggregate changes its state
-- from: 14
-- before
CREATE AGGREGATE total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0');
CREATE VIEW v AS SELECT total(x) AS t FROM generate_series(1, 3) AS x;
-- after
CREATE FUNCTION state(bigint, integer) RETURNS bigint IMMUTABLE LANGUAGE sql RETURN $1 + $2;
CREATE AGGREGATE total(integer) (SFUNC = state, STYPE = bigint, INITCOND = '0');
CREATE VIEW v AS SELECT total(x) AS t FROM generate_series(1, 3) AS x;

-- case: an aggregate goes
-- before
CREATE AGGREGATE total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0');

-- case: a function changes the default of an argument and keeps its privileges
-- golden: function_default
-- before
CREATE FUNCTION f(a integer, b numeric(4, 2) DEFAULT 1.5, c text DEFAULT ' DEFAULT , (') RETURNS integer LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
-- after
CREATE FUNCTION f(a integer, b numeric(4, 2) DEFAULT 2.5, c text DEFAULT concat(', ', ' DEFAULT x')) RETURNS integer LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';

-- case: the default of an argument of any type changes
-- before
CREATE FUNCTION f(a integer, b anyelement DEFAULT 1) RETURNS integer LANGUAGE sql AS 'SELECT 1';
-- after
CREATE FUNCTION f(a integer, b anyelement DEFAULT 'x'::text) RETURNS integer LANGUAGE sql AS 'SELECT 1';
