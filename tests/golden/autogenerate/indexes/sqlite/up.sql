-- Drop index collated: it is made anew below
DROP INDEX collated;

-- Drop index columns: it is made anew below
DROP INDEX columns;

-- Drop index expr: it is made anew below
DROP INDEX expr;

-- Drop index filter: it is made anew below
DROP INDEX "filter";

-- Drop index gone
DROP INDEX gone;

-- Drop index ordered: it is made anew below
DROP INDEX ordered;

-- Drop index uniq: it is made anew below
DROP INDEX uniq;

-- Create index collated
CREATE INDEX collated ON t (a COLLATE NOCASE);

-- Create index columns
CREATE INDEX columns ON t (b, a);

-- Create index expr
CREATE INDEX expr ON t (upper(a));

-- Create index filter
CREATE INDEX filter ON t (a) WHERE b > 2;

-- Create index fresh
CREATE INDEX fresh ON t (c);

-- Create index ordered
CREATE INDEX ordered ON t (a DESC);

-- Create index uniq
-- Fails if rows don't fit: index uniq of t is UNIQUE. To find them: SELECT a, count(*) FROM t WHERE a IS NOT NULL GROUP BY 1 HAVING count(*) > 1
CREATE UNIQUE INDEX uniq ON t (a);
