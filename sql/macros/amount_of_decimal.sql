-- DECIMAL(18,6) of an exact amount (DECIMAL or integer) in US dollars, rounded half away from zero at 6 places; NULL where it does not fit.
CREATE OR REPLACE MACRO amount_of_decimal(amount) AS
    TRY_CAST(amount AS DECIMAL(18, 6));
