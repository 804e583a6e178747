-- One row is one service that counts for other partners of the month and not for this one: how many partners, and how many of their
-- customers; the most used first. $1 VARCHAR[]: the published file of services. $2 VARCHAR: the partner. $3 INTEGER: how many.
WITH used AS (
    SELECT partner_id, folded(service_level_2) AS key, service_level_2, customers
    FROM read_parquet($1, hive_partitioning = false)
    WHERE counted
)
SELECT min(service_level_2) AS service_level_2, count(*) AS partners, CAST(sum(customers) AS BIGINT) AS customers
FROM used
WHERE key NOT IN (SELECT key FROM used WHERE partner_id = $2)
GROUP BY key
ORDER BY customers DESC, partners DESC, service_level_2
LIMIT CAST($3 AS INTEGER);
