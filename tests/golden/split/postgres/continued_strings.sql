SELECT E'a\';'
  'b\';' AS one;
SELECT E'a' -- it's; a comment
  -- another

  '\';' AS two;
SELECT 'a\'
  'b\' AS three;
SELECT E'a\'' 'b\' AS an_error;
SELECT E'a' /* no line */
;
SELECT U&'a'
'\0041;' AS four;
