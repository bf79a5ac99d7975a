-- don't stop here; it's a comment
SELECT 1; -- isn't "this `one [either
/* neither ' nor " nor ` nor [ opens anything; */ SELECT 2;
