DO LANGUAGE plpgsql $$
DECLARE
  r record;
BEGIN
  FOR r IN SELECT 1 AS a LOOP
    RAISE NOTICE '%;', r.a;
  END LOOP;
END
$$;
CREATE FUNCTION changed() RETURNS trigger AS $fn$
BEGIN
  NEW.at := now();
  RETURN NEW;
END;
$fn$ LANGUAGE plpgsql;
CREATE TABLE t (at timestamptz);
CREATE TRIGGER t_changed BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION changed();
CREATE PROCEDURE old_style() LANGUAGE sql AS 'SELECT 1; SELECT ''a;''; ';
CALL old_style();
