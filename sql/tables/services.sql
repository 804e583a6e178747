-- The published table services: one row a partner × service level 2 with consumption in the trailing twelve months.
-- $1: the file to write. $2 DATE: the score month. $3..$7 VARCHAR: metadata of the file: schema version, score month, rulebook, hash of the
-- rulebook, fingerprint of the inputs.
COPY (
    SELECT
        CAST($2 AS DATE) AS score_month,
        CAST(partner_id AS VARCHAR) AS partner_id,
        CAST(service_level_2 AS VARCHAR) AS service_level_2,
        CAST(acr_ttm AS DECIMAL(18, 6)) AS acr_ttm,
        CAST(customers AS INTEGER) AS customers,
        reason = 'counted' AS counted,
        CAST(reason AS VARCHAR) AS reason
    FROM service
    ORDER BY partner_id, service_level_2
) TO $1 (
    FORMAT parquet, PARQUET_VERSION v1, COMPRESSION zstd,
    KV_METADATA {
        'partnerscore.schema_version': $3, 'partnerscore.table': 'services', 'partnerscore.score_month': $4,
        'partnerscore.rulebook': $5, 'partnerscore.rulebook_sha256': $6, 'partnerscore.inputs_fingerprint': $7});
