-- DECIMAL(18,6) of a text amount in US dollars, rounded half away from zero at 6 places; sign, decimals and exponent are allowed.
-- Anything else (separators, currency signs, parentheses, an underscore, NaN, infinity) and what does not fit is NULL.
CREATE OR REPLACE MACRO amount_of_text(amount) AS
    CASE
        WHEN regexp_full_match(trimmed(amount), '[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)')
            THEN TRY_CAST(trimmed(amount) AS DECIMAL(18, 6))
        WHEN regexp_full_match(trimmed(amount), '[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)[eE][+-]?[0-9]+')
            THEN amount_of_exponent(trimmed(amount))
    END;
