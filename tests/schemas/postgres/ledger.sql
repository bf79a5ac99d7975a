-- A ledger: accounts, entries that balance, periods that are closed, and what must never be changed.
CREATE SCHEMA ledger;
CREATE SCHEMA audit;

CREATE TYPE ledger.side AS ENUM ('debit', 'credit');
CREATE TYPE ledger.amount AS (value numeric(20,4), currency char(3));
CREATE DOMAIN ledger.positive AS numeric(20,4) CHECK (VALUE > 0);
CREATE DOMAIN ledger.currency AS char(3) NOT NULL DEFAULT 'EUR' CHECK (VALUE = upper(VALUE));
CREATE FUNCTION ledger.days(later date, earlier date) RETURNS float8 IMMUTABLE STRICT LANGUAGE sql
    RETURN (later - earlier)::float8;
CREATE TYPE ledger.period AS RANGE (subtype = date, subtype_diff = ledger.days, multirange_type_name = ledger.periods);
CREATE SEQUENCE ledger.journal_number AS bigint MINVALUE 1000 START WITH 1000 INCREMENT BY 1 NO CYCLE;

CREATE TABLE ledger.account (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code varchar(12) COLLATE "C" NOT NULL CONSTRAINT account_code UNIQUE DEFERRABLE INITIALLY IMMEDIATE,
    name text NOT NULL,
    parent integer REFERENCES ledger.account,
    normal_side ledger.side NOT NULL,
    currency ledger.currency,
    opened date NOT NULL DEFAULT CURRENT_DATE,
    closed date,
    CONSTRAINT own_parent CHECK (parent <> id),
    CONSTRAINT opened_first CHECK (closed IS NULL OR closed >= opened)
);
CREATE TABLE ledger.fiscal_year (
    year smallint PRIMARY KEY,
    span ledger.period NOT NULL,
    is_closed boolean NOT NULL DEFAULT false,
    CONSTRAINT apart EXCLUDE USING gist (span WITH &&)
);
CREATE TABLE ledger.journal (
    number bigint PRIMARY KEY DEFAULT nextval('ledger.journal_number'),
    year smallint NOT NULL REFERENCES ledger.fiscal_year,
    booked_on date NOT NULL,
    text text NOT NULL CHECK (btrim(text) <> ''),
    reverses bigint UNIQUE REFERENCES ledger.journal DEFERRABLE,
    created_by name NOT NULL DEFAULT current_user,
    created_at timestamptz(3) NOT NULL DEFAULT transaction_timestamp(),
    CONSTRAINT not_itself CHECK (reverses < number)
);
ALTER SEQUENCE ledger.journal_number OWNED BY ledger.journal.number;
CREATE TABLE ledger.entry (
    journal bigint NOT NULL REFERENCES ledger.journal DEFERRABLE INITIALLY DEFERRED,
    line smallint NOT NULL,
    account integer NOT NULL REFERENCES ledger.account,
    side ledger.side NOT NULL,
    value ledger.positive NOT NULL,
    signed numeric(20,4) GENERATED ALWAYS AS (CASE side WHEN 'debit'::ledger.side THEN value ELSE - value END) STORED,
    original ledger.amount,
    PRIMARY KEY (journal, line)
);
CREATE INDEX entry_account ON ledger.entry (account, journal) INCLUDE (signed);
CREATE STATISTICS ledger.entry_sides ON account, side FROM ledger.entry;
ALTER STATISTICS ledger.entry_sides SET STATISTICS 500;
CREATE TABLE ledger.rate (
    currency char(3) NOT NULL,
    day date NOT NULL,
    rate numeric NOT NULL CHECK (rate > 0),
    PRIMARY KEY (currency, day)
);
CREATE TABLE ledger.budget (
    account integer REFERENCES ledger.account,
    year smallint REFERENCES ledger.fiscal_year,
    months numeric(14,2)[] NOT NULL CHECK (array_length(months, 1) = 12),
    PRIMARY KEY (account, year)
);
CREATE TABLE audit.change (
    id bigserial PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    who name NOT NULL DEFAULT session_user,
    relation regclass NOT NULL,
    old jsonb,
    new jsonb,
    CHECK (old IS NOT NULL OR new IS NOT NULL)
);

CREATE FUNCTION audit.note() RETURNS trigger SECURITY DEFINER SET search_path = audit, pg_temp LANGUAGE plpgsql AS $fn$
BEGIN
    INSERT INTO change (relation, old, new)
    VALUES (TG_RELID, CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END, CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END);
    RETURN NULL;
END $fn$;
CREATE FUNCTION ledger.never() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is not allowed', TG_OP, TG_TABLE_NAME USING ERRCODE = '23001';
END $$;
CREATE FUNCTION ledger.balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    difference numeric;
BEGIN
    SELECT sum(signed) INTO difference FROM ledger.entry WHERE journal = NEW.journal;
    IF difference <> 0 THEN
        RAISE EXCEPTION 'journal % is off by %', NEW.journal, difference;
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION ledger.converted(sum ledger.amount, day date, INTO_currency char DEFAULT 'EUR', OUT value numeric, OUT rate numeric)
    STABLE LANGUAGE plpgsql AS $$
BEGIN
    SELECT r.rate INTO rate FROM ledger.rate r WHERE r.currency = (sum).currency AND r.day <= converted.day ORDER BY r.day DESC LIMIT 1;
    value := (sum).value * rate;
END $$;
CREATE TRIGGER never BEFORE UPDATE OR DELETE ON ledger.entry FOR EACH ROW EXECUTE FUNCTION ledger.never();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON ledger.entry EXECUTE FUNCTION ledger.never();
CREATE CONSTRAINT TRIGGER balanced AFTER INSERT ON ledger.entry DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION ledger.balanced();
CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON ledger.account FOR EACH ROW EXECUTE FUNCTION audit.note();
CREATE TRIGGER note AFTER UPDATE ON ledger.fiscal_year FOR EACH ROW
    WHEN (OLD.is_closed IS DISTINCT FROM NEW.is_closed) EXECUTE FUNCTION audit.note();

CREATE VIEW ledger.balance AS
SELECT a.id, a.code, a.name, coalesce(sum(e.signed), 0) * CASE a.normal_side WHEN 'debit' THEN 1 ELSE -1 END AS balance
FROM ledger.account a LEFT JOIN ledger.entry e ON e.account = a.id GROUP BY a.id;
CREATE VIEW ledger.trial_balance AS
SELECT j.year, sum(signed) FILTER (WHERE side = 'debit') AS debit, - sum(signed) FILTER (WHERE side = 'credit') AS credit
FROM ledger.entry e JOIN ledger.journal j ON j.number = e.journal GROUP BY ROLLUP (j.year);
CREATE MATERIALIZED VIEW ledger.yearly AS
SELECT j.year, e.account, sum(e.signed) AS total FROM ledger.entry e JOIN ledger.journal j ON j.number = e.journal
GROUP BY 1, 2 WITH NO DATA;
CREATE INDEX yearly_account ON ledger.yearly (account, year DESC);

CREATE FUNCTION ledger.summed(state ledger.amount, next ledger.amount) RETURNS ledger.amount IMMUTABLE LANGUAGE sql
    RETURN CASE WHEN state IS NULL THEN next ELSE ROW((state).value + (next).value, (state).currency)::ledger.amount END;
CREATE AGGREGATE ledger.sum(ledger.amount) (SFUNC = ledger.summed, STYPE = ledger.amount, COMBINEFUNC = ledger.summed, PARALLEL = SAFE);
CREATE PROCEDURE ledger.close(wanted smallint) LANGUAGE plpgsql AS $$
BEGIN
    UPDATE ledger.fiscal_year SET is_closed = true WHERE year = wanted;
    COMMIT;
    REFRESH MATERIALIZED VIEW ledger.yearly;
END $$;

COMMENT ON TABLE ledger.entry IS E'Never changed:\n\ta mistake is reversed';
COMMENT ON TRIGGER balanced ON ledger.entry IS 'At the commit';
COMMENT ON AGGREGATE ledger.sum(ledger.amount) IS 'Of one currency';
COMMENT ON COLUMN ledger.amount.currency IS 'ISO 4217';
COMMENT ON CONSTRAINT positive_check ON DOMAIN ledger.positive IS 'The side tells the sign';
