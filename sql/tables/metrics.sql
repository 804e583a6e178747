-- The published table metrics: one row a partner × solution area × metric.
-- $1: the file to write. $2 DATE: the score month. $3..$7 VARCHAR: metadata of the file: schema version, score month, rulebook, hash of the
-- rulebook, fingerprint of the inputs.
COPY (
    SELECT
        CAST($2 AS DATE) AS score_month,
        CAST(partner_id AS VARCHAR) AS partner_id,
        CAST(solution_area AS VARCHAR) AS solution_area,
        CAST(metric AS VARCHAR) AS metric,
        CAST(applicable AS BOOLEAN) AS applicable,
        CAST(current_value AS DECIMAL(18, 6)) AS current_value,
        CAST(baseline_value AS DECIMAL(18, 6)) AS baseline_value,
        CAST(measure AS DECIMAL(18, 6)) AS measure,
        CAST(points AS DECIMAL(6, 2)) AS points,
        CAST(max_points AS DECIMAL(6, 2)) AS max_points,
        CAST(status AS VARCHAR) AS status,
        CAST(reason AS VARCHAR) AS reason
    FROM metric_row
    ORDER BY partner_id, solution_area, metric
) TO $1 (
    FORMAT parquet, PARQUET_VERSION v1, COMPRESSION zstd,
    KV_METADATA {
        'partnerscore.schema_version': $3, 'partnerscore.table': 'metrics', 'partnerscore.score_month': $4,
        'partnerscore.rulebook': $5, 'partnerscore.rulebook_sha256': $6, 'partnerscore.inputs_fingerprint': $7});
