-- up

-- Drop index both_of: it is made anew below
DROP INDEX public.both_of;

-- Create index both_of
--   locks t against writes while all of it is read
CREATE INDEX both_of ON public.t USING btree (b, a) WITH (fillfactor='60');

-- Change index fewer
ALTER INDEX public.fewer RESET (deduplicate_items);

-- Change index more
ALTER INDEX public.more SET (fillfactor = 80);

-- Change index other
ALTER INDEX public.other SET (fillfactor = 90);

-- down

-- Drop index both_of: it is made anew below
DROP INDEX public.both_of;

-- Create index both_of
--   locks t against writes while all of it is read
CREATE INDEX both_of ON public.t USING btree (b) WITH (fillfactor='70');

-- Change index fewer
ALTER INDEX public.fewer SET (deduplicate_items = off);

-- Change index more
ALTER INDEX public.more RESET (fillfactor);

-- Change index other
ALTER INDEX public.other SET (fillfactor = 70);
