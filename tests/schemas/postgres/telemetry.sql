-- Devices and what they measure: partitions by month and by device, tables that inherit, hot settings.
CREATE EXTENSION hstore;
CREATE TYPE unit AS ENUM ('celsius', 'percent', 'pascal', 'volt');
CREATE TYPE gps AS (latitude float8, longitude float8, height real);

CREATE TABLE site (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE,
    area polygon,
    zone text NOT NULL DEFAULT 'UTC',
    labels hstore NOT NULL DEFAULT ''
);
CREATE INDEX site_area ON site USING gist (area);
CREATE INDEX site_labels ON site USING gin (labels);
CREATE TABLE device (
    id bigint PRIMARY KEY,
    serial varchar(32) NOT NULL,
    site_id integer REFERENCES site,
    mac macaddr UNIQUE,
    address inet,
    place gps,
    firmware integer[] NOT NULL DEFAULT ARRAY[1, 0, 0],
    battery bit(4) DEFAULT B'1111',
    UNIQUE (serial) WITH (fillfactor = 80)
);
CREATE INDEX device_address ON device USING spgist (address);
CREATE INDEX device_serial ON device (serial varchar_pattern_ops);
CREATE TABLE channel (
    device_id bigint REFERENCES device ON DELETE CASCADE,
    number smallint CHECK (number BETWEEN 0 AND 255),
    unit unit NOT NULL,
    bounds numrange NOT NULL DEFAULT '(,)',
    PRIMARY KEY (device_id, number)
);

CREATE TABLE reading (
    device_id bigint NOT NULL,
    channel smallint NOT NULL,
    at timestamptz NOT NULL,
    value double precision,
    quality smallint NOT NULL DEFAULT 0,
    PRIMARY KEY (device_id, channel, at),
    CONSTRAINT finite CHECK (value <> 'NaN'::float8)
) PARTITION BY RANGE (at);
CREATE TABLE reading_2024_01 PARTITION OF reading FOR VALUES FROM ('2024-01-01 00:00:00+00') TO ('2024-02-01 00:00:00+00');
CREATE TABLE reading_2024_02 PARTITION OF reading FOR VALUES FROM ('2024-02-01 00:00:00+00') TO ('2024-03-01 00:00:00+00')
    PARTITION BY HASH (device_id);
CREATE TABLE reading_2024_02_a PARTITION OF reading_2024_02 FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE reading_2024_02_b PARTITION OF reading_2024_02 FOR VALUES WITH (MODULUS 2, REMAINDER 1) WITH (fillfactor = 100);
CREATE TABLE reading_rest PARTITION OF reading DEFAULT;
CREATE INDEX reading_at ON reading USING brin (at);
CREATE INDEX reading_value ON reading (channel, value DESC) WHERE quality > 0;
ALTER TABLE reading ADD CONSTRAINT of_channel FOREIGN KEY (device_id, channel) REFERENCES channel ON DELETE CASCADE;
ALTER TABLE reading_rest ADD CONSTRAINT odd CHECK (at < '2024-01-01' OR at >= '2024-03-01');
ALTER TABLE reading_2024_01 ALTER quality SET DEFAULT 1;
CREATE INDEX reading_2024_01_value ON reading_2024_01 (value);
CREATE STATISTICS reading_channels (ndistinct) ON device_id, channel FROM reading_2024_01;

CREATE TABLE alarm (id bigserial PRIMARY KEY, device_id bigint, raised timestamptz DEFAULT now(), level text, CONSTRAINT known CHECK (level IN ('low', 'high')))
    PARTITION BY HASH (id);
CREATE TABLE alarm_0 PARTITION OF alarm FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE alarm_1 PARTITION OF alarm FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE TABLE alarm_2 PARTITION OF alarm FOR VALUES WITH (MODULUS 3, REMAINDER 2);

CREATE TABLE message (id bigint NOT NULL, at timestamptz NOT NULL DEFAULT now(), device_id bigint, CHECK (id > 0));
CREATE TABLE message_text (body text NOT NULL) INHERITS (message);
CREATE TABLE message_image (body bytea NOT NULL, width integer, height integer) INHERITS (message);
ALTER TABLE message_image ALTER body SET STORAGE EXTERNAL, ALTER at SET DEFAULT clock_timestamp();

CREATE UNLOGGED TABLE last_value (
    device_id bigint, channel smallint, value float8, at timestamptz,
    PRIMARY KEY (device_id, channel)
) WITH (fillfactor = 50, autovacuum_vacuum_cost_delay = 0, toast.autovacuum_enabled = false);

CREATE FUNCTION keep_last() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.last_value VALUES (NEW.device_id, NEW.channel, NEW.value, NEW.at)
    ON CONFLICT (device_id, channel) DO UPDATE SET value = excluded.value, at = excluded.at;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_last AFTER INSERT ON reading FOR EACH ROW EXECUTE FUNCTION keep_last();
CREATE TRIGGER only_here AFTER DELETE ON reading_rest FOR EACH STATEMENT EXECUTE FUNCTION keep_last();
ALTER TABLE reading_rest DISABLE TRIGGER only_here;
CREATE FUNCTION in_bounds(bounds numrange, value float8) RETURNS boolean IMMUTABLE PARALLEL SAFE LANGUAGE sql
    RETURN bounds @> value::numeric;
CREATE VIEW out_of_bounds AS
SELECT r.device_id, r.channel, r.at, r.value, c.unit FROM reading r JOIN channel c ON (c.device_id, c.number) = (r.device_id, r.channel)
WHERE NOT in_bounds(c.bounds, r.value);
CREATE VIEW hourly AS
SELECT device_id, channel, date_trunc('hour', at) AS hour, avg(value) AS mean, percentile_cont(0.95) WITHIN GROUP (ORDER BY value) AS p95
FROM reading GROUP BY 1, 2, 3;
CREATE MATERIALIZED VIEW daily WITH (fillfactor = 100) AS
SELECT device_id, channel, date_trunc('day', hour) AS day, min(mean) AS least, max(mean) AS most FROM hourly GROUP BY 1, 2, 3;
CREATE UNIQUE INDEX daily_key ON daily (device_id, channel, day);

COMMENT ON TABLE reading_rest IS 'Late and early ones';
COMMENT ON INDEX reading_at IS 'Small: readings come in order';
COMMENT ON MATERIALIZED VIEW daily IS 'Refreshed at night';
