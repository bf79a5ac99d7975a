-- Make index collated anew
DROP INDEX collated;

-- Make index columns anew
DROP INDEX columns;

-- Make index expr anew
DROP INDEX expr;

-- Make index filter anew
DROP INDEX "filter";

-- Drop index gone
DROP INDEX gone;

-- Make index ordered anew
DROP INDEX ordered;

-- Make index uniq anew
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
CREATE UNIQUE INDEX uniq ON t (a);
