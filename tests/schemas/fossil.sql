-- The tables of a version control system that is one file.
CREATE TABLE blob (
    rid INTEGER PRIMARY KEY,
    rcvid INTEGER,
    size INTEGER,
    uuid TEXT UNIQUE NOT NULL,
    content BLOB,
    CHECK (length(uuid) >= 1 AND rid > 0)
);
CREATE TABLE delta (rid INTEGER PRIMARY KEY, srcid INTEGER NOT NULL REFERENCES blob);
CREATE INDEX delta_i1 ON delta (srcid);
CREATE TABLE rcvfrom (rcvid INTEGER PRIMARY KEY, uid INTEGER REFERENCES user, mtime DATETIME, nonce TEXT UNIQUE, ipaddr TEXT);
CREATE TABLE user (uid INTEGER PRIMARY KEY, login TEXT UNIQUE, pw TEXT, cap TEXT, photo BLOB);
CREATE TABLE config (name TEXT PRIMARY KEY NOT NULL, value CLOB, mtime DATE, CHECK (typeof(name) = 'text' AND length(name) >= 1)) WITHOUT ROWID;
CREATE TABLE shun (uuid PRIMARY KEY, mtime INTEGER, scom TEXT) WITHOUT ROWID;
CREATE TABLE filename (fnid INTEGER PRIMARY KEY, name TEXT UNIQUE);
CREATE TABLE mlink (mid INTEGER, fid INTEGER, pid INTEGER, fnid INTEGER REFERENCES filename, mperm INTEGER);
CREATE INDEX mlink_i1 ON mlink (mid);
CREATE INDEX mlink_i2 ON mlink (fnid);
CREATE TABLE plink (pid INTEGER REFERENCES blob, cid INTEGER REFERENCES blob, isprim BOOLEAN, mtime DATETIME, UNIQUE (pid, cid));
CREATE TABLE leaf (rid INTEGER PRIMARY KEY);
CREATE TABLE event (type TEXT, mtime DATETIME, objid INTEGER PRIMARY KEY, tagid INTEGER, comment TEXT);
CREATE INDEX event_i1 ON event (mtime);
CREATE TABLE tag (tagid INTEGER PRIMARY KEY, tagname TEXT UNIQUE);
CREATE TABLE tagxref (tagid INTEGER REFERENCES tag, tagtype INTEGER, srcid INTEGER REFERENCES blob, value TEXT, rid INTEGER REFERENCES blob, UNIQUE (rid, tagid));
CREATE VIEW artifact (rid, rcvid, size, atype, srcid, hash, content) AS
    SELECT blob.rid, rcvid, size, 1, srcid, uuid, content
    FROM blob LEFT JOIN delta ON blob.rid = delta.rid;
