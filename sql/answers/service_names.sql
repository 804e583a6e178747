-- One row is one service of a partner in the months given: its key and the smallest spelling in byte order.
-- $1 VARCHAR[]: facts about services. $2 VARCHAR: the partner.
SELECT service_key, min(service_level_2) AS service_level_2
FROM read_parquet($1, hive_partitioning = false)
WHERE partner_id = $2
GROUP BY service_key
ORDER BY service_key;
