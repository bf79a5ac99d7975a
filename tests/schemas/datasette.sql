-- What Datasette shows itself with: keys of several columns, names that need quotes, full text.
CREATE TABLE simple_primary_key (id varchar(30) primary key, content text);
CREATE TABLE compound_three_primary_keys (pk1 varchar(30), pk2 varchar(30), pk3 varchar(30), content text, PRIMARY KEY (pk1, pk2, pk3));
CREATE INDEX idx_compound_three ON compound_three_primary_keys (content);
CREATE TABLE foreign_key_references (
    pk varchar(30) primary key,
    foreign_key_with_label INTEGER,
    foreign_key_with_no_label varchar(30),
    FOREIGN KEY (foreign_key_with_label) REFERENCES complex_foreign_keys (pk),
    FOREIGN KEY (foreign_key_with_no_label) REFERENCES simple_primary_key (id)
);
CREATE TABLE complex_foreign_keys (pk INTEGER PRIMARY KEY, f1 text, f2 text, f3 text, FOREIGN KEY ("f1") REFERENCES [simple_primary_key] (id));
CREATE TABLE "table/with/slashes.csv" (pk varchar(30) primary key, content text);
CREATE TABLE [123_starts_with_digits] (content text);
CREATE TABLE "select" ([group] text, [having] text, [and] text, [json] text);
CREATE TABLE facetable (
    pk integer primary key,
    created text,
    planet_int integer,
    on_earth integer,
    state text,
    _city_id integer,
    tags text,
    n text,
    FOREIGN KEY ("_city_id") REFERENCES [facet_cities] (id)
);
CREATE TABLE facet_cities (id integer primary key, name text);
CREATE TABLE searchable (pk integer primary key, text1 text, text2 text, [name with . and spaces] text);
CREATE VIRTUAL TABLE "searchable_fts" USING FTS4 (text1, text2, [name with . and spaces], content="searchable");
CREATE VIEW paginated_view AS SELECT content, '- ' || content || ' -' AS content_extra FROM [123_starts_with_digits];
CREATE VIEW simple_view AS SELECT content, upper(content) AS upper_content FROM simple_primary_key;
CREATE VIEW searchable_view AS SELECT * FROM searchable;
