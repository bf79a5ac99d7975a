-- create invoices (down)

DROP TABLE invoices;
