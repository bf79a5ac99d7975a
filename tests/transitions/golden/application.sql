-- up

-- Drop view open_task: it is made anew below
DROP VIEW public.open_task;

-- Drop index task_owner: it is made anew below
DROP INDEX public.task_owner;

-- Drop constraint task_owner_fkey of task: it is made anew below
ALTER TABLE public.task DROP CONSTRAINT task_owner_fkey;

-- Drop column users.name
-- DESTRUCTIVE: drops column users.name with its values
ALTER TABLE public.users DROP COLUMN name;

-- Change enum status: values new, done become new, started, done, dropped
ALTER TYPE public.status ADD VALUE 'started' BEFORE 'done';
ALTER TYPE public.status ADD VALUE 'dropped';

-- Create function touch()
CREATE OR REPLACE FUNCTION public.touch()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ BEGIN NEW.changed := now(); RETURN NEW; END $function$;

-- Change sequence task_id_seq: type integer becomes bigint
ALTER SEQUENCE public.task_id_seq AS bigint;

-- Change sequence users_id_seq: type integer becomes bigint
ALTER SEQUENCE public.users_id_seq AS bigint;

-- Create table project
CREATE TABLE public.project (
    id bigint GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL,
    CONSTRAINT project_pkey PRIMARY KEY (id)
);

-- Add column task.changed
ALTER TABLE public.task ADD COLUMN changed timestamp with time zone NOT NULL DEFAULT now();

-- Change column task.id: type integer becomes bigint; column task.owner: type integer becomes bigint
--   locks task against reads and writes while all of it is rewritten
ALTER TABLE public.task ALTER COLUMN id DROP DEFAULT, ALTER COLUMN id TYPE bigint, ALTER COLUMN id SET DEFAULT nextval('public.task_id_seq'::regclass), ALTER COLUMN owner TYPE bigint;

-- Add column task.project_id
ALTER TABLE public.task ADD COLUMN project_id bigint;

-- Change column task.state: becomes NOT NULL
--   NULL in task.state becomes the default, 'new'::public.status
--   locks task against reads and writes while all of it is read
UPDATE public.task SET state = 'new'::public.status WHERE state IS NULL;
ALTER TABLE public.task ALTER COLUMN state SET NOT NULL;

-- Change column task.title: becomes NOT NULL
--   NULL in task.title becomes the default, ''::text
--   locks task against reads and writes while all of it is read
UPDATE public.task SET title = ''::text WHERE title IS NULL;
ALTER TABLE public.task ALTER COLUMN title SET NOT NULL;

-- Add column users.changed
ALTER TABLE public.users ADD COLUMN changed timestamp with time zone NOT NULL DEFAULT now();

-- Change column users.email: type character varying(100) becomes text; column users.id: type integer becomes bigint
--   locks users against reads and writes while all of it is rewritten
ALTER TABLE public.users ALTER COLUMN email TYPE text, ALTER COLUMN id DROP DEFAULT, ALTER COLUMN id TYPE bigint, ALTER COLUMN id SET DEFAULT nextval('public.users_id_seq'::regclass);

-- Set the default of task.title
ALTER TABLE public.task ALTER COLUMN title SET DEFAULT ''::text;

-- Add constraint users_email_key to users
--   locks users against reads and writes while all of it is read
-- Fails if rows don't fit: users becomes UNIQUE by email. To find them: SELECT email, count(*) FROM public.users WHERE email IS NOT NULL GROUP BY email HAVING count(*) > 1
ALTER TABLE public.users ADD CONSTRAINT users_email_key UNIQUE (email);

-- Add constraint users_email_check to users
--   locks users against reads and writes while all of it is read
-- Fails if rows don't fit: CHECK (email ~~ '%@%'::text) of users. To find them: SELECT * FROM public.users WHERE NOT (email ~~ '%@%'::text)
ALTER TABLE public.users ADD CONSTRAINT users_email_check CHECK ((email ~~ '%@%'::text));

-- Add constraint task_owner_fkey to task
--   locks task, users against writes while all of task is read
ALTER TABLE public.task ADD CONSTRAINT task_owner_fkey FOREIGN KEY (owner) REFERENCES public.users(id) ON DELETE CASCADE;

-- Add constraint task_project_id_fkey to task
--   locks task against writes while all of it is read
ALTER TABLE public.task ADD CONSTRAINT task_project_id_fkey FOREIGN KEY (project_id) REFERENCES public.project(id);

-- Create index task_owner
--   locks task against writes while all of it is read
CREATE INDEX task_owner ON public.task USING btree (owner, state) WHERE (state <> 'done'::public.status);

-- Create index task_project
--   locks task against writes while all of it is read
CREATE INDEX task_project ON public.task USING btree (project_id);

-- Create view open_task
--   the owner of view open_task and privileges on it aren't kept: set them again
CREATE VIEW public.open_task AS
SELECT t.id,
    t.title,
    u.email,
    p.name AS project
   FROM ((public.task t
     JOIN public.users u ON ((u.id = t.owner)))
     LEFT JOIN public.project p ON ((p.id = t.project_id)))
  WHERE (t.state = 'new'::public.status);

-- Create view busy
CREATE VIEW public.busy AS
SELECT open_task.email,
    count(*) AS tasks
   FROM public.open_task
  GROUP BY open_task.email;

-- Create trigger touch on task
CREATE TRIGGER touch BEFORE UPDATE ON public.task FOR EACH ROW EXECUTE FUNCTION public.touch();

-- Create trigger touch on users
CREATE TRIGGER touch BEFORE UPDATE ON public.users FOR EACH ROW EXECUTE FUNCTION public.touch();

-- down

-- Drop trigger touch on task
DROP TRIGGER touch ON public.task;

-- Drop trigger touch on users
DROP TRIGGER touch ON public.users;

-- Drop view busy
DROP VIEW public.busy;

-- Drop view open_task: it is made anew below
DROP VIEW public.open_task;

-- Drop index task_owner: it is made anew below
DROP INDEX public.task_owner;

-- Drop constraint task_owner_fkey of task: it is made anew below
ALTER TABLE public.task DROP CONSTRAINT task_owner_fkey;

-- Drop constraint users_email_check of users
ALTER TABLE public.users DROP CONSTRAINT users_email_check;

-- Drop constraint users_email_key of users
ALTER TABLE public.users DROP CONSTRAINT users_email_key;

-- Drop the default of task.state: it comes back below
ALTER TABLE public.task ALTER COLUMN state DROP DEFAULT;

-- Drop the default of task.title
ALTER TABLE public.task ALTER COLUMN title DROP DEFAULT;

-- Drop column task.changed
-- DESTRUCTIVE: drops column task.changed with its values
ALTER TABLE public.task DROP COLUMN changed;

-- Drop column task.project_id
-- DESTRUCTIVE: drops column task.project_id with its values
ALTER TABLE public.task DROP COLUMN project_id;

-- Drop column users.changed
-- DESTRUCTIVE: drops column users.changed with its values
ALTER TABLE public.users DROP COLUMN changed;

-- Drop table project
-- DESTRUCTIVE: drops table project with its rows
DROP TABLE public.project;

-- Drop function touch()
DROP FUNCTION public.touch();

-- Change enum status: values new, started, done, dropped become new, done
--   the owner of enum status and privileges on it aren't kept: set them again
--   locks task against reads and writes while all of it is rewritten
-- Fails if rows don't fit: task.state has no value that status loses. To find them: SELECT * FROM public.task WHERE state::text IN ('started', 'dropped')
ALTER TYPE public.status RENAME TO status_old;
CREATE TYPE public.status AS ENUM ('new', 'done');
ALTER TABLE public.task ALTER COLUMN state TYPE public.status USING state::text::public.status;

-- Change sequence task_id_seq: type bigint becomes integer
ALTER SEQUENCE public.task_id_seq AS integer;

-- Change sequence users_id_seq: type bigint becomes integer
ALTER SEQUENCE public.users_id_seq AS integer;

-- Change column task.id: type bigint becomes integer; column task.owner: type bigint becomes integer
--   locks task against reads and writes while all of it is rewritten
-- Fails if rows don't fit: the values of task.id have to fit in integer. To find them: SELECT * FROM public.task WHERE id NOT BETWEEN -2147483648 AND 2147483647
-- Fails if rows don't fit: the values of task.owner have to fit in integer. To find them: SELECT * FROM public.task WHERE owner NOT BETWEEN -2147483648 AND 2147483647
ALTER TABLE public.task ALTER COLUMN id DROP DEFAULT, ALTER COLUMN id TYPE integer, ALTER COLUMN id SET DEFAULT nextval('public.task_id_seq'::regclass), ALTER COLUMN owner TYPE integer;

-- Change column task.state: may be NULL
ALTER TABLE public.task ALTER COLUMN state DROP NOT NULL;

-- Drop what enum status was before
DROP TYPE public.status_old;

-- Change column task.title: may be NULL
ALTER TABLE public.task ALTER COLUMN title DROP NOT NULL;

-- Change column users.email: type text becomes character varying(100); column users.id: type bigint becomes integer
--   locks users against reads and writes while all of it is rewritten
-- Fails if rows don't fit: the values of users.id have to fit in integer. To find them: SELECT * FROM public.users WHERE id NOT BETWEEN -2147483648 AND 2147483647
-- Fails if rows don't fit: the values of users.email have to fit in character varying(100). To find them: SELECT * FROM public.users WHERE length(rtrim(email::text, ' ')) > 100
ALTER TABLE public.users ALTER COLUMN email TYPE character varying(100), ALTER COLUMN id DROP DEFAULT, ALTER COLUMN id TYPE integer, ALTER COLUMN id SET DEFAULT nextval('public.users_id_seq'::regclass);

-- Add column users.name
ALTER TABLE public.users ADD COLUMN name text;

-- Put the default of task.state back
ALTER TABLE public.task ALTER COLUMN state SET DEFAULT 'new'::public.status;

-- Add constraint task_owner_fkey to task
--   locks task, users against writes while all of task is read
ALTER TABLE public.task ADD CONSTRAINT task_owner_fkey FOREIGN KEY (owner) REFERENCES public.users(id);

-- Create index task_owner
--   locks task against writes while all of it is read
CREATE INDEX task_owner ON public.task USING btree (owner);

-- Create view open_task
--   the owner of view open_task and privileges on it aren't kept: set them again
CREATE VIEW public.open_task AS
SELECT t.id,
    t.title,
    u.email
   FROM (public.task t
     JOIN public.users u ON ((u.id = t.owner)))
  WHERE (t.state = 'new'::public.status);
