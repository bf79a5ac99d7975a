CREATE TABLE a (b);
cReAtE tRiGgEr c bEfOrE dElEtE oN a BeGiN sElEcT 1; eNd;
SELECT 1;
