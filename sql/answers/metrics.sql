-- One row is one metric of a score of a partner; values in millionths, points in hundredths; NULL when the table has no value.
-- $1 VARCHAR[]: published files of metrics. $2 VARCHAR: the partner.
SELECT
    score_month, solution_area, metric, applicable,
    CAST(CAST(current_value AS DECIMAL(38, 6)) * 1000000 AS BIGINT) AS current_value,
    CAST(CAST(baseline_value AS DECIMAL(38, 6)) * 1000000 AS BIGINT) AS baseline_value,
    CAST(CAST(measure AS DECIMAL(38, 6)) * 1000000 AS BIGINT) AS measure,
    CAST(points * 100 AS BIGINT) AS points,
    CAST(max_points * 100 AS BIGINT) AS max_points,
    status, reason
FROM read_parquet($1, hive_partitioning = false)
WHERE partner_id = $2
ORDER BY score_month, solution_area, metric;
