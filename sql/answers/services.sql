-- One row is one service of a partner, by name in byte order; the amount in millionths of a US dollar.
-- $1 VARCHAR[]: the published file of services. $2 VARCHAR: the partner.
SELECT service_level_2, CAST(CAST(acr_ttm AS DECIMAL(38, 6)) * 1000000 AS BIGINT) AS acr_ttm, customers, counted, reason
FROM read_parquet($1, hive_partitioning = false)
WHERE partner_id = $2
ORDER BY service_level_2;
