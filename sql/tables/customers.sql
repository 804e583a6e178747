-- The published table customers: one row a partner × customer tenant with consumption in M-13..M.
-- $1: the file to write. $2 DATE: the score month. $3..$7 VARCHAR: metadata of the file: schema version, score month, rulebook, hash of the
-- rulebook, fingerprint of the inputs.
COPY (
    SELECT
        CAST($2 AS DATE) AS score_month,
        CAST(partner_id AS VARCHAR) AS partner_id,
        CAST(customer_tenant_id AS VARCHAR) AS customer_tenant_id,
        CAST(customer_name AS VARCHAR) AS customer_name,
        CAST(acr_current AS DECIMAL(18, 6)) AS acr_current,
        CAST(acr_previous AS DECIMAL(18, 6)) AS acr_previous,
        CAST(acr_baseline AS DECIMAL(18, 6)) AS acr_baseline,
        CAST(acr_baseline_previous AS DECIMAL(18, 6)) AS acr_baseline_previous,
        CAST(acr_ttm AS DECIMAL(18, 6)) AS acr_ttm,
        CAST(eligible AS BOOLEAN) AS eligible,
        CAST(eligible_baseline AS BOOLEAN) AS eligible_baseline,
        CAST(CASE
            WHEN eligible AND eligible_baseline THEN 'kept'
            WHEN eligible THEN 'gained'
            WHEN eligible_baseline THEN 'lost'
            ELSE 'none'
        END AS VARCHAR) AS movement,
        CAST(CASE WHEN eligible THEN 0 ELSE shortfall_usd END AS DECIMAL(18, 6)) AS shortfall_usd
    FROM customer
    ORDER BY partner_id, customer_tenant_id
) TO $1 (
    FORMAT parquet, PARQUET_VERSION v1, COMPRESSION zstd,
    KV_METADATA {
        'partnerscore.schema_version': $3, 'partnerscore.table': 'customers', 'partnerscore.score_month': $4,
        'partnerscore.rulebook': $5, 'partnerscore.rulebook_sha256': $6, 'partnerscore.inputs_fingerprint': $7});
