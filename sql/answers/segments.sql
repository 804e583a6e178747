-- One row is one customer tenant of a partner and its segment in the last of the months given that has one.
-- $1 VARCHAR[]: facts about customers. $2 VARCHAR: the partner.
SELECT customer_tenant_id, max_by(customer_segment, usage_month) AS customer_segment
FROM read_parquet($1, hive_partitioning = false)
WHERE partner_id = $2 AND customer_segment IS NOT NULL
GROUP BY customer_tenant_id
ORDER BY customer_tenant_id;
