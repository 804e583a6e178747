-- DECIMAL(18,6) of a floating-point amount in US dollars. It reads the shortest decimal text of the number, so that
-- 2.0000005 rounds as the text 2.0000005 does (multiplying by a million first would round another number). NaN and infinity are NULL.
CREATE OR REPLACE MACRO amount_of_double(amount) AS
    CASE WHEN isfinite(amount) THEN amount_of_text(CAST(amount AS VARCHAR)) END;
