-- One row is one customer tenant of a partner, by id in byte order; amounts in millionths of a US dollar.
-- $1 VARCHAR[]: the published file of customers. $2 VARCHAR: the partner.
SELECT
    customer_tenant_id, customer_name,
    CAST(CAST(acr_current AS DECIMAL(38, 6)) * 1000000 AS BIGINT) AS acr_current,
    CAST(CAST(acr_previous AS DECIMAL(38, 6)) * 1000000 AS BIGINT) AS acr_previous,
    CAST(CAST(acr_baseline AS DECIMAL(38, 6)) * 1000000 AS BIGINT) AS acr_baseline,
    CAST(CAST(acr_baseline_previous AS DECIMAL(38, 6)) * 1000000 AS BIGINT) AS acr_baseline_previous,
    CAST(CAST(acr_ttm AS DECIMAL(38, 6)) * 1000000 AS BIGINT) AS acr_ttm,
    eligible, eligible_baseline, movement,
    CAST(CAST(shortfall_usd AS DECIMAL(38, 6)) * 1000000 AS BIGINT) AS shortfall_usd
FROM read_parquet($1, hive_partitioning = false)
WHERE partner_id = $2
ORDER BY customer_tenant_id;
