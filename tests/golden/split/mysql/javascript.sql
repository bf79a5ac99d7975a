CREATE FUNCTION js(n INT) RETURNS INT LANGUAGE JAVASCRIPT AS $$
  let x = "it's; END"; // $
  return n + 1;
$$;
CREATE PROCEDURE js2() LANGUAGE JAVASCRIPT AS $js$ const a = 1; console.log(`$$;${a}`); $js$;
SELECT 1;
