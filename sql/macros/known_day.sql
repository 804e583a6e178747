-- The day itself where its month can be named, in the years 1900 to 9998; else NULL.
CREATE OR REPLACE MACRO known_day(day) AS
    CASE WHEN day BETWEEN DATE '1900-01-01' AND DATE '9998-12-31' THEN day END;
