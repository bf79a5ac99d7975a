CREATE TABLE stdin (a text, b text);
COPY stdin TO '/tmp/limbeck;copy';
COPY stdin FROM '/tmp/limbeck;copy' WITH (DELIMITER ';');
COPY (SELECT a FROM stdin) TO PROGRAM 'cat > /dev/null; true';
COPY public.stdin (a) FROM PROGRAM 'echo stdin;';
COPY (SELECT 1 FROM stdin) TO '/tmp/limbeck;copy';
SELECT 'COPY t FROM STDIN';
