-- Sakila: films for rent, with triggers that keep a time, and views.
CREATE TABLE actor (
    actor_id numeric NOT NULL,
    first_name VARCHAR(45) NOT NULL,
    last_name VARCHAR(45) NOT NULL,
    last_update TIMESTAMP NOT NULL,
    PRIMARY KEY (actor_id)
);
CREATE INDEX idx_actor_last_name ON actor (last_name);
CREATE TRIGGER actor_trigger_ai AFTER INSERT ON actor
BEGIN
    UPDATE actor SET last_update = DATETIME('NOW') WHERE rowid = new.rowid;
END;
CREATE TABLE country (country_id SMALLINT NOT NULL, country VARCHAR(50) NOT NULL, PRIMARY KEY (country_id));
CREATE TABLE city (
    city_id int NOT NULL,
    city VARCHAR(50) NOT NULL,
    country_id SMALLINT NOT NULL,
    PRIMARY KEY (city_id),
    CONSTRAINT fk_city_country FOREIGN KEY (country_id) REFERENCES country (country_id)
        ON DELETE NO ACTION ON UPDATE CASCADE
);
CREATE TABLE language (language_id SMALLINT NOT NULL, name CHAR(20) NOT NULL, PRIMARY KEY (language_id));
CREATE TABLE film (
    film_id int NOT NULL,
    title VARCHAR(255) NOT NULL,
    description BLOB SUB_TYPE TEXT DEFAULT NULL,
    language_id SMALLINT NOT NULL,
    original_language_id SMALLINT DEFAULT NULL,
    rental_rate DECIMAL(4, 2) DEFAULT 4.99 NOT NULL,
    rating VARCHAR(10) DEFAULT 'G',
    PRIMARY KEY (film_id),
    CONSTRAINT CHECK_special CHECK (rating IS NULL OR rating LIKE '%'),
    CONSTRAINT fk_film_language FOREIGN KEY (language_id) REFERENCES language (language_id),
    CONSTRAINT fk_film_original FOREIGN KEY (original_language_id) REFERENCES language (language_id)
);
CREATE INDEX idx_fk_language_id ON film (language_id);
CREATE TABLE film_actor (
    actor_id int NOT NULL,
    film_id int NOT NULL,
    last_update TIMESTAMP NOT NULL,
    PRIMARY KEY (actor_id, film_id),
    CONSTRAINT fk_film_actor_actor FOREIGN KEY (actor_id) REFERENCES actor (actor_id) ON UPDATE CASCADE,
    CONSTRAINT fk_film_actor_film FOREIGN KEY (film_id) REFERENCES film (film_id) ON UPDATE CASCADE
);
CREATE TRIGGER film_actor_trigger_au AFTER UPDATE ON film_actor
BEGIN
    UPDATE film_actor SET last_update = DATETIME('NOW') WHERE rowid = new.rowid;
END;
CREATE TABLE staff (
    staff_id SMALLINT NOT NULL,
    store_id INT NOT NULL,
    active SMALLINT DEFAULT 1 NOT NULL,
    PRIMARY KEY (staff_id),
    CONSTRAINT fk_staff_store FOREIGN KEY (store_id) REFERENCES store (store_id)
);
CREATE TABLE store (
    store_id INT NOT NULL,
    manager_staff_id SMALLINT NOT NULL,
    PRIMARY KEY (store_id),
    CONSTRAINT fk_store_staff FOREIGN KEY (manager_staff_id) REFERENCES staff (staff_id)
);
CREATE VIEW film_list AS
    SELECT film.film_id AS FID, film.title AS title, actor.first_name || ' ' || actor.last_name AS actors
    FROM film JOIN film_actor ON film.film_id = film_actor.film_id
    JOIN actor ON film_actor.actor_id = actor.actor_id;
