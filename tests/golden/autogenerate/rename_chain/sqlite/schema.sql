-- renamed from: b
CREATE TABLE c (id INTEGER PRIMARY KEY, a INTEGER REFERENCES b (id));
-- renamed from: a
CREATE TABLE b (
    id INTEGER PRIMARY KEY,
    y TEXT, -- renamed from: x
    z INTEGER, -- renamed from: y
    w REAL -- renamed from: z
);
