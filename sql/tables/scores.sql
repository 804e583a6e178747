-- The published table scores: one row a partner × solution area.
-- $1: the file to write. $2 DATE: the score month. $3..$7 VARCHAR: metadata of the file: schema version, score month, rulebook, hash of the
-- rulebook, fingerprint of the inputs.
COPY (
    SELECT
        CAST($2 AS DATE) AS score_month,
        CAST(partner_id AS VARCHAR) AS partner_id,
        CAST(partner_name AS VARCHAR) AS partner_name,
        CAST(solution_area AS VARCHAR) AS solution_area,
        CAST(track AS VARCHAR) AS track,
        CAST(total_points AS DECIMAL(6, 2)) AS total_points,
        CAST(net_customer_adds_points AS DECIMAL(6, 2)) AS net_customer_adds_points,
        CAST(intermediate_certifications_points AS DECIMAL(6, 2)) AS intermediate_certifications_points,
        CAST(advanced_certifications_points AS DECIMAL(6, 2)) AS advanced_certifications_points,
        CAST(usage_growth_points AS DECIMAL(6, 2)) AS usage_growth_points,
        CAST(deployments_points AS DECIMAL(6, 2)) AS deployments_points,
        CAST(qualifies AS BOOLEAN) AS qualifies,
        CAST(points_to_designation AS DECIMAL(6, 2)) AS points_to_designation,
        CAST(blocking_metrics AS VARCHAR) AS blocking_metrics,
        CAST(rounding_sensitive AS BOOLEAN) AS rounding_sensitive,
        CAST(provisional AS BOOLEAN) AS provisional,
        CAST(rulebook AS VARCHAR) AS rulebook
    FROM score_row
    ORDER BY partner_id, solution_area
) TO $1 (
    FORMAT parquet, PARQUET_VERSION v1, COMPRESSION zstd,
    KV_METADATA {
        'partnerscore.schema_version': $3, 'partnerscore.table': 'scores', 'partnerscore.score_month': $4,
        'partnerscore.rulebook': $5, 'partnerscore.rulebook_sha256': $6, 'partnerscore.inputs_fingerprint': $7});
