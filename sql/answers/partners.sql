-- One row is one partner of a published month, by id in byte order. $1 VARCHAR[]: the published file of scores.
SELECT partner_id, min(partner_name) AS partner_name
FROM read_parquet($1, hive_partitioning = false)
GROUP BY partner_id
ORDER BY partner_id;
