-- Drop view nicks: it is made anew below
DROP VIEW nicks;

-- Add column users.age
ALTER TABLE users ADD COLUMN age INTEGER CHECK (age > 0);

-- Add column users.nick
ALTER TABLE users ADD COLUMN nick TEXT CHECK (nick <> name);

-- Add column users.team
ALTER TABLE users ADD COLUMN team INTEGER REFERENCES teams (id);

-- Add column users.loud
ALTER TABLE users ADD COLUMN loud TEXT GENERATED ALWAYS AS (upper(nick)) VIRTUAL;

-- Create index users_nick
CREATE INDEX users_nick ON users (nick);

-- Create view nicks
CREATE VIEW nicks AS SELECT id, nick FROM users;

-- Create trigger users_nick
CREATE TRIGGER users_nick AFTER UPDATE OF nick ON users BEGIN
    UPDATE users SET name = NEW.nick WHERE id = NEW.id;
END;
