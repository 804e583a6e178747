-- One row is one reason for which rows of a usage month did not count, over all partners; the amount in millionths of a US dollar.
-- $1 VARCHAR[]: the published file of exclusions.
SELECT usage_month, class, reason, rows, CAST(CAST(acr_usd AS DECIMAL(38, 6)) * 1000000 AS BIGINT) AS acr_usd
FROM read_parquet($1, hive_partitioning = false)
ORDER BY usage_month, class, reason;
