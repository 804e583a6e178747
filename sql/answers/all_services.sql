-- One row is one service that some partner of the month used in its twelve months: its key and the smallest spelling in byte order.
-- $1 VARCHAR[]: the published file of services.
SELECT folded(service_level_2) AS service_key, min(service_level_2) AS service_level_2
FROM read_parquet($1, hive_partitioning = false)
GROUP BY service_key
ORDER BY service_key;
