-- Which order of day and month a date with slashes has: 'mdy' or 'dmy' where only that one makes it a day, 'both' where the two orders make it
-- two different days; NULL for other texts, and where the order does not matter (6/6/2024).
CREATE OR REPLACE MACRO slash_order(day) AS
    CASE
        WHEN NOT contains(day, '/') OR day_of_text(day, 'mdy') IS NOT DISTINCT FROM day_of_text(day, 'dmy') THEN NULL
        WHEN day_of_text(day, 'dmy') IS NULL THEN 'mdy'
        WHEN day_of_text(day, 'mdy') IS NULL THEN 'dmy'
        ELSE 'both'
    END;
