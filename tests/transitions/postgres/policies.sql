-- Policies and extended statistics.

-- case: policies for all commands are created
-- both
CREATE TABLE t (owner text, team integer);
-- after
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p1 ON t USING (owner = current_user);
CREATE POLICY p2 ON t AS RESTRICTIVE FOR SELECT TO PUBLIC USING (team > 0);
CREATE POLICY p3 ON t FOR INSERT WITH CHECK (owner = session_user);
CREATE POLICY p4 ON t FOR UPDATE TO pg_monitor, pg_signal_backend USING (true) WITH CHECK (team = 1);
CREATE POLICY p5 ON t FOR DELETE TO CURRENT_USER USING (team IN (1, 2));
COMMENT ON POLICY p1 ON t IS 'said';

-- case: a policy is dropped
-- both
CREATE TABLE t (owner text, team integer);
-- before
CREATE POLICY p ON t USING (owner = current_user);

-- case: the conditions of a policy change
-- golden: policy
-- both
CREATE TABLE t (owner text, team integer);
-- before
CREATE POLICY p ON t USING (owner = current_user);
-- after
CREATE POLICY p ON t USING (owner = session_user) WITH CHECK (team > 0);

-- case: a condition of a policy goes
-- both
CREATE TABLE t (owner text, team integer);
-- before
CREATE POLICY p ON t USING (owner = current_user) WITH CHECK (team > 0);
-- after
CREATE POLICY p ON t USING (owner = current_user);

-- case: a policy is for another command
-- both
CREATE TABLE t (owner text, team integer);
-- before
CREATE POLICY p ON t FOR SELECT USING (owner = current_user);
-- after
CREATE POLICY p ON t FOR UPDATE USING (owner = current_user);

-- case: a policy restricts
-- both
CREATE TABLE t (owner text, team integer);
-- before
CREATE POLICY p ON t USING (owner = current_user);
-- after
CREATE POLICY p ON t AS RESTRICTIVE USING (owner = current_user);

-- case: a policy is for other roles
-- both
CREATE TABLE t (owner text, team integer);
-- before
CREATE POLICY p ON t TO pg_monitor USING (owner = current_user);
CREATE POLICY q ON t USING (true);
-- after
CREATE POLICY p ON t USING (owner = current_user);
CREATE POLICY q ON t TO pg_signal_backend, pg_monitor USING (true);

-- case: a policy reads another table
-- both
CREATE TABLE t (owner text, team integer);
-- before
CREATE POLICY p ON t USING (owner = current_user);
-- after
CREATE TABLE member (who text, team integer);
CREATE POLICY p ON t USING (team IN (SELECT m.team FROM member m WHERE m.who = current_user));

-- case: a policy calls a function that changes its arguments
-- from: 14
-- both
CREATE TABLE t (owner text, team integer);
-- before
CREATE FUNCTION may(text) RETURNS boolean STABLE LANGUAGE sql RETURN $1 = current_user;
CREATE POLICY p ON t USING (may(owner));
-- after
CREATE FUNCTION may(text, integer) RETURNS boolean STABLE LANGUAGE sql RETURN $1 = current_user AND $2 > 0;
CREATE POLICY p ON t USING (may(owner, team));

-- case: a policy reads a view over its own table, and both go
-- before
CREATE TABLE t (owner text, team integer);
CREATE VIEW teams AS SELECT DISTINCT team FROM t;
CREATE POLICY p ON t USING (team IN (SELECT team FROM teams));

-- case: a policy reads a view that is made anew
-- both
CREATE TABLE t (owner text, team integer);
CREATE TABLE m (team integer, since date);
-- before
CREATE VIEW teams AS SELECT team, since FROM m;
-- after
CREATE VIEW teams AS SELECT since, team FROM m;
-- both
CREATE POLICY p ON t USING (team IN (SELECT team FROM teams));

-- case: a policy on a column that goes
-- before
CREATE TABLE t (owner text, team integer);
CREATE POLICY p ON t USING (team > 0);
-- after
CREATE TABLE t (owner text);
CREATE POLICY p ON t USING (owner <> '');

-- case: a policy for a role that the server doesn't have is refused
-- fails: role "nobody_at_all" does not exist
-- both
CREATE TABLE t (owner text, team integer);
-- after
CREATE POLICY p ON t TO nobody_at_all USING (true);

-- case: statistics are created
-- from: 14
-- both
CREATE TABLE t (a integer, b integer, c text);
-- after
CREATE STATISTICS s1 ON a, b FROM t;
CREATE STATISTICS s2 (ndistinct, mcv) ON a, c FROM t;
CREATE STATISTICS s3 ON (a + b), lower(c) FROM t;
CREATE STATISTICS s4 ON (a % 10) FROM t;
ALTER STATISTICS s2 SET STATISTICS 300;
COMMENT ON STATISTICS s1 IS 'said';

-- case: statistics change
-- both
CREATE TABLE t (a integer, b integer, c text);
-- before
CREATE STATISTICS s ON a, b FROM t;
-- after
CREATE STATISTICS s (dependencies) ON a, b, c FROM t;

-- case: the target of statistics changes
-- both
CREATE TABLE t (a integer, b integer, c text);
CREATE STATISTICS s1 ON a, b FROM t;
CREATE STATISTICS s2 ON a, c FROM t;
-- before
ALTER STATISTICS s1 SET STATISTICS 10;
-- after
ALTER STATISTICS s2 SET STATISTICS 0;

-- case: statistics in another order are the same
-- same
-- both
CREATE TABLE t (a integer, b integer, c text);
-- before
CREATE STATISTICS s ON b, a FROM t;
-- after
CREATE STATISTICS s ON a, b FROM t;

-- case: statistics over an expression whose column changes its type
-- from: 14
-- before
CREATE TABLE t (a integer, b integer, c text);
CREATE STATISTICS s ON (a + b), c FROM t;
-- after
CREATE TABLE t (a bigint, b integer, c text);
CREATE STATISTICS s ON (a + b), c FROM t;
