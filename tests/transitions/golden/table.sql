-- up

-- Create table room
CREATE TABLE public.room (
    id integer GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL,
    seats smallint DEFAULT 4,
    CONSTRAINT room_pkey PRIMARY KEY (id),
    CONSTRAINT room_name_key UNIQUE (name),
    CONSTRAINT room_seats_check CHECK ((seats > 0))
);
COMMENT ON COLUMN public.room.seats IS 'chairs';
COMMENT ON TABLE public.room IS 'where people meet';

-- Create index room_seats
CREATE INDEX room_seats ON public.room USING btree (seats DESC);

-- down

-- Drop table room
-- DESTRUCTIVE: drops table room with its rows
DROP TABLE public.room;
