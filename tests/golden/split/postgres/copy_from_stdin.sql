CREATE TABLE t (a text, b text);
  copy public.t (a, b) /* here; */ From/**/stdin WITH (FORMAT csv);
it's,1
\.
SELECT 1;
