-- Software for many tenants in one database: every table has the tenant in its key, and row security.
CREATE SCHEMA app;
CREATE SCHEMA private;
CREATE EXTENSION pgcrypto SCHEMA private;

CREATE TYPE app.plan AS ENUM ('free', 'team', 'business');
CREATE TYPE app.right AS ENUM ('read', 'write', 'manage');
CREATE DOMAIN app.title AS text CHECK (length(btrim(VALUE)) BETWEEN 1 AND 120);

CREATE FUNCTION app.current_tenant() RETURNS uuid STABLE PARALLEL SAFE LANGUAGE sql
    AS $$ SELECT nullif(current_setting('app.tenant', true), '')::uuid $$;
CREATE FUNCTION private.token() RETURNS text LANGUAGE sql AS $$ SELECT encode(private.gen_random_bytes(24), 'hex') $$;

CREATE TABLE app.tenant (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name app.title NOT NULL,
    plan app.plan NOT NULL DEFAULT 'free',
    seats integer NOT NULL DEFAULT 3 CHECK (seats > 0),
    domain text UNIQUE CHECK (domain = lower(domain)),
    created timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT free_is_small CHECK (plan <> 'free' OR seats <= 5)
);
CREATE TABLE app.account (
    tenant uuid NOT NULL DEFAULT app.current_tenant() REFERENCES app.tenant ON DELETE CASCADE,
    id bigint GENERATED ALWAYS AS IDENTITY,
    email text NOT NULL,
    rights app.right[] NOT NULL DEFAULT '{read}',
    token text NOT NULL DEFAULT private.token(),
    disabled_at timestamptz,
    PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX account_email ON app.account (tenant, lower(email)) WHERE disabled_at IS NULL;
CREATE UNIQUE INDEX account_token ON app.account USING btree (token COLLATE "C");
CREATE TABLE app.project (
    tenant uuid NOT NULL DEFAULT app.current_tenant() REFERENCES app.tenant ON DELETE CASCADE,
    id bigint GENERATED ALWAYS AS IDENTITY,
    title app.title NOT NULL,
    owner bigint,
    archived boolean NOT NULL DEFAULT false,
    PRIMARY KEY (tenant, id),
    CONSTRAINT owned FOREIGN KEY (tenant, owner) REFERENCES app.account ON DELETE SET NULL (owner)
);
CREATE TABLE app.member (
    tenant uuid NOT NULL DEFAULT app.current_tenant(),
    project bigint NOT NULL,
    account bigint NOT NULL,
    level app.right NOT NULL DEFAULT 'read',
    PRIMARY KEY (tenant, project, account),
    FOREIGN KEY (tenant, project) REFERENCES app.project ON DELETE CASCADE,
    FOREIGN KEY (tenant, account) REFERENCES app.account ON DELETE CASCADE
);
CREATE TABLE app.document (
    tenant uuid NOT NULL DEFAULT app.current_tenant(),
    id bigint GENERATED ALWAYS AS IDENTITY,
    project bigint NOT NULL,
    body jsonb NOT NULL,
    title text GENERATED ALWAYS AS (body ->> 'title') STORED,
    size integer GENERATED ALWAYS AS (length(body::text)) STORED,
    revision integer NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, project) REFERENCES app.project ON DELETE CASCADE DEFERRABLE,
    CHECK (jsonb_typeof(body) = 'object' AND body ? 'title')
);
CREATE INDEX document_body ON app.document USING gin (body jsonb_path_ops);
CREATE TABLE app.revision (LIKE app.document, saved timestamptz NOT NULL DEFAULT now());
ALTER TABLE app.revision ADD PRIMARY KEY (tenant, id, revision);
CREATE TABLE app.event (
    tenant uuid NOT NULL, at timestamptz NOT NULL DEFAULT now(), account bigint, kind text NOT NULL, data jsonb
) PARTITION BY LIST (tenant);
CREATE TABLE app.event_others PARTITION OF app.event DEFAULT;
CREATE INDEX event_at ON app.event (tenant, at DESC);
CREATE TABLE private.secret (tenant uuid PRIMARY KEY REFERENCES app.tenant ON DELETE CASCADE, key bytea NOT NULL DEFAULT private.gen_random_bytes(32));

CREATE FUNCTION app.may(wanted_project bigint, needed app.right) RETURNS boolean STABLE LANGUAGE sql SECURITY DEFINER SET search_path = ''
    AS $$ SELECT EXISTS (SELECT FROM app.member m WHERE m.tenant = app.current_tenant() AND m.project = wanted_project AND m.level >= needed) $$;

ALTER TABLE app.tenant ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.account ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE app.project ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE app.member ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.document ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE app.event ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON app.tenant USING (id = app.current_tenant());
CREATE POLICY own ON app.account USING (tenant = app.current_tenant()) WITH CHECK (tenant = app.current_tenant());
CREATE POLICY own ON app.project USING (tenant = app.current_tenant());
CREATE POLICY own ON app.member USING (tenant = app.current_tenant());
CREATE POLICY own ON app.document AS RESTRICTIVE USING (tenant = app.current_tenant());
CREATE POLICY reads ON app.document FOR SELECT USING (app.may(project, 'read'));
CREATE POLICY writes ON app.document FOR INSERT WITH CHECK (app.may(project, 'write'));
CREATE POLICY edits ON app.document FOR UPDATE USING (app.may(project, 'write')) WITH CHECK (revision > 0);
CREATE POLICY removes ON app.document FOR DELETE USING (app.may(project, 'manage'));
CREATE POLICY seen ON app.event FOR SELECT TO pg_monitor, pg_read_all_data USING (tenant = app.current_tenant());

CREATE FUNCTION app.keep_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO app.revision (tenant, id, project, body, revision) VALUES (OLD.tenant, OLD.id, OLD.project, OLD.body, OLD.revision);
    NEW.revision := OLD.revision + 1;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_revision BEFORE UPDATE OF body ON app.document FOR EACH ROW
    WHEN (OLD.body IS DISTINCT FROM NEW.body) EXECUTE FUNCTION app.keep_revision();
CREATE VIEW app.active_account WITH (security_invoker, security_barrier) AS
SELECT tenant, id, email, rights FROM app.account WHERE disabled_at IS NULL WITH CASCADED CHECK OPTION;
CREATE VIEW app.usage WITH (security_invoker) AS
SELECT t.id, t.plan, count(DISTINCT a.id) AS accounts, coalesce(sum(d.size), 0) AS bytes
FROM app.tenant t LEFT JOIN app.active_account a ON a.tenant = t.id LEFT JOIN app.document d ON d.tenant = t.id GROUP BY t.id;
CREATE FUNCTION app.watch() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN NULL; END $$;
CREATE EVENT TRIGGER no_drop ON sql_drop WHEN TAG IN ('DROP SCHEMA', 'DROP TABLE') EXECUTE FUNCTION app.watch();
ALTER EVENT TRIGGER no_drop DISABLE;

COMMENT ON FUNCTION app.current_tenant() IS 'Set by the application for each session';
COMMENT ON POLICY own ON app.document IS 'Together with each of the others';
COMMENT ON EVENT TRIGGER no_drop IS 'Enabled in production';
