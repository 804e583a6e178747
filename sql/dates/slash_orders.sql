-- One row counts the dates of the current file that can be read in one order of day and month only, and those that give different days in each.
-- Columns: month first, day first, both. Reads the view dated: two texts a row, NULL where there is no second.
SELECT
    count(*) FILTER (WHERE slash_order(day) = 'mdy') AS month_first,
    count(*) FILTER (WHERE slash_order(day) = 'dmy') AS day_first,
    count(*) FILTER (WHERE slash_order(day) = 'both') AS either
FROM (SELECT first_text AS day FROM dated UNION ALL SELECT second_text AS day FROM dated);
