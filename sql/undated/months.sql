-- Returns how many rows of a usage file of many months each month has, oldest first, and last those whose month cannot be read.
-- Columns: first day of the month (NULL: it cannot be read), rows, and of rows without a month one of the texts that are there for it.
SELECT
    CAST(date_trunc('month', known_day(usage_day)) AS DATE) AS month,
    count(*) AS rows,
    min(month_text) FILTER (WHERE known_day(usage_day) IS NULL) AS unread_text
FROM undated_raw
GROUP BY CAST(date_trunc('month', known_day(usage_day)) AS DATE)
ORDER BY month NULLS LAST;
