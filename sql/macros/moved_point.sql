-- Digits with a decimal point after the first place digits; place may be negative or larger than the number of digits.
CREATE OR REPLACE MACRO moved_point(digits, place) AS
    CASE
        WHEN place <= 0 THEN '0.' || repeat('0', -place) || digits
        WHEN place >= length(digits) THEN digits || repeat('0', place - length(digits))
        ELSE left(digits, place) || '.' || substr(digits, place + 1)
    END;
