-- create signing keys (down)

DROP TABLE signing_keys;
