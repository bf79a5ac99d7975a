DROP TABLE ${tenant}_log;
