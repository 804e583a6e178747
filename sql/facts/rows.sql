-- How many rows of the month's files the engine has read.
SELECT CAST(coalesce(sum(rows), 0) AS BIGINT) AS rows FROM usage_total;
