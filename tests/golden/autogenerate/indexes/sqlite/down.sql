-- Drop index collated: it is made anew below
DROP INDEX collated;

-- Drop index columns: it is made anew below
DROP INDEX columns;

-- Drop index expr: it is made anew below
DROP INDEX expr;

-- Drop index filter: it is made anew below
DROP INDEX "filter";

-- Drop index fresh
DROP INDEX fresh;

-- Drop index ordered: it is made anew below
DROP INDEX ordered;

-- Drop index uniq: it is made anew below
DROP INDEX uniq;

-- Create index collated
CREATE INDEX collated ON t (a);

-- Create index columns
CREATE INDEX columns ON t (a, b);

-- Create index expr
CREATE INDEX expr ON t (lower(a));

-- Create index filter
CREATE INDEX filter ON t (a) WHERE b > 1;

-- Create index gone
CREATE INDEX gone ON t (a);

-- Create index ordered
CREATE INDEX ordered ON t (a);

-- Create index uniq
CREATE INDEX uniq ON t (a);
