CREATE TABLE a (b);
CREATE /* TABLE; */ TRIGGER -- not yet; BEGIN
t AFTER INSERT ON a BEGIN
    SELECT 1 /* ; END; */ ; -- END;
    SELECT ';END;'; /* last */
    /* before */ END /* after */ -- more
    /* and more; */ ;
SELECT 2;
