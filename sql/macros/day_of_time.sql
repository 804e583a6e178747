-- The DATE of a DATE or TIMESTAMP; a timestamp with a zone is taken in UTC.
CREATE OR REPLACE MACRO day_of_time(moment) AS
    CAST(moment AS DATE);
