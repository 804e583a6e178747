-- One row is one customer tenant of a partner, by id in byte order; amounts in millionths of a US dollar.
-- $1 VARCHAR[]: the published file of customers. $2 VARCHAR: the partner.
SELECT
    customer_tenant_id, customer_name,
    CAST(acr_current * 1000000 AS BIGINT) AS acr_current,
    CAST(acr_previous * 1000000 AS BIGINT) AS acr_previous,
    CAST(acr_baseline * 1000000 AS BIGINT) AS acr_baseline,
    CAST(acr_baseline_previous * 1000000 AS BIGINT) AS acr_baseline_previous,
    CAST(acr_ttm * 1000000 AS BIGINT) AS acr_ttm,
    eligible, eligible_baseline, movement,
    CAST(shortfall_usd * 1000000 AS BIGINT) AS shortfall_usd
FROM read_parquet($1, hive_partitioning = false)
WHERE partner_id = $2
ORDER BY customer_tenant_id;
