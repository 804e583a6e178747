-- The published table exclusions: one row a usage month × class × reason for which rows did not count.
-- $1: the file to write. $2 DATE: the score month. $3..$7 VARCHAR: metadata of the file: schema version, score month, rulebook, hash of the
-- rulebook, fingerprint of the inputs.
COPY (
    SELECT
        CAST($2 AS DATE) AS score_month,
        CAST(usage_month AS DATE) AS usage_month,
        CAST(class AS VARCHAR) AS class,
        CAST(reason AS VARCHAR) AS reason,
        CAST(rows AS BIGINT) AS rows,
        CAST(acr_usd AS DECIMAL(18, 6)) AS acr_usd
    FROM exclusion_row
    ORDER BY usage_month, class, reason
) TO $1 (
    FORMAT parquet, PARQUET_VERSION v1, COMPRESSION zstd,
    KV_METADATA {
        'partnerscore.schema_version': $3, 'partnerscore.table': 'exclusions', 'partnerscore.score_month': $4,
        'partnerscore.rulebook': $5, 'partnerscore.rulebook_sha256': $6, 'partnerscore.inputs_fingerprint': $7});
