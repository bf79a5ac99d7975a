-- bill accounts (down)

DROP VIEW mailings;

DROP TABLE bills;
