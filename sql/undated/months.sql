-- Returns one row a month of a usage file of many months, oldest first; last the rows whose month cannot be read.
-- Columns: first day of the month (NULL: it cannot be read), rows, and for rows without a readable month one of their texts.
SELECT
    CAST(date_trunc('month', known_day(usage_day)) AS DATE) AS month,
    count(*) AS rows,
    min(month_text) FILTER (WHERE known_day(usage_day) IS NULL) AS unread_text
FROM undated_raw
GROUP BY CAST(date_trunc('month', known_day(usage_day)) AS DATE)
ORDER BY month NULLS LAST;
