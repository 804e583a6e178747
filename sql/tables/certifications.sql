-- The published table certifications: one row a partner × solution area × metric × step × person × certification: a holding that the step asks for.
-- $1: the file to write. $2 DATE: the score month. $3..$7 VARCHAR: metadata of the file: schema version, score month, rulebook, hash of the
-- rulebook, fingerprint of the inputs.
COPY (
    SELECT
        CAST($2 AS DATE) AS score_month,
        CAST(partner_id AS VARCHAR) AS partner_id,
        CAST(solution_area AS VARCHAR) AS solution_area,
        CAST(metric AS VARCHAR) AS metric,
        CAST(step AS INTEGER) AS step,
        CAST(person_id AS VARCHAR) AS person_id,
        CAST(certification AS VARCHAR) AS certification,
        CAST(completed AS DATE) AS completed,
        CAST(expires AS DATE) AS expires,
        CAST(counted AS BOOLEAN) AS counted,
        CAST(reason AS VARCHAR) AS reason
    FROM holding
    ORDER BY partner_id, solution_area, metric, step, person_id, certification
) TO $1 (
    FORMAT parquet, PARQUET_VERSION v1, COMPRESSION zstd,
    KV_METADATA {
        'partnerscore.schema_version': $3, 'partnerscore.table': 'certifications', 'partnerscore.score_month': $4,
        'partnerscore.rulebook': $5, 'partnerscore.rulebook_sha256': $6, 'partnerscore.inputs_fingerprint': $7});
