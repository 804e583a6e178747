-- A day of the month that a text names: 2024-06, 2024-6, 202406, or any day that day_of_text reads. Anything else is NULL.
-- slashes: which of two numbers before a year is the month, as in day_of_text.
CREATE OR REPLACE MACRO day_of_month_text(month, slashes) AS
    CASE
        WHEN regexp_full_match(trimmed(month), '[0-9]{4}-[0-9]{1,2}')
            THEN TRY_CAST(trimmed(month) || '-01' AS DATE)
        WHEN regexp_full_match(trimmed(month), '[0-9]{6}')
            THEN TRY_CAST(trimmed(month)[1:4] || '-' || trimmed(month)[5:6] || '-01' AS DATE)
        ELSE day_of_text(month, slashes)
    END;
