-- Make index collated anew
DROP INDEX collated;

-- Make index columns anew
DROP INDEX columns;

-- Make index expr anew
DROP INDEX expr;

-- Make index filter anew
DROP INDEX "filter";

-- Drop index fresh
DROP INDEX fresh;

-- Make index ordered anew
DROP INDEX ordered;

-- Make index uniq anew
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
