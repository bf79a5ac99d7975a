SELECT 1 AS a WHERE '1' = $$1$$ AND 1<$$2$$;
SELECT 1$$;$$;
SELECT 2;
