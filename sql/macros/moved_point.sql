-- Digits with a point behind as many of them as place says, which may be before the first or after the last one.
CREATE OR REPLACE MACRO moved_point(digits, place) AS
    CASE
        WHEN place <= 0 THEN '0.' || repeat('0', -place) || digits
        WHEN place >= length(digits) THEN digits || repeat('0', place - length(digits))
        ELSE left(digits, place) || '.' || substr(digits, place + 1)
    END;
