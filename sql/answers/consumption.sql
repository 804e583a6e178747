-- One row is one usage month × customer tenant × service of a partner that counts, in this order; the amount in millionths of a US dollar.
-- $1 VARCHAR[]: facts about consumption. $2 VARCHAR: the partner.
SELECT usage_month, customer_tenant_id, service_key, CAST(CAST(acr_usd AS DECIMAL(38, 6)) * 1000000 AS BIGINT) AS acr_usd
FROM read_parquet($1, hive_partitioning = false)
WHERE partner_id = $2
ORDER BY usage_month, customer_tenant_id, service_key;
