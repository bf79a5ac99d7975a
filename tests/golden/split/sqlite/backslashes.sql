SELECT 'C:\';SELECT 'a\'';b\', "c\";
