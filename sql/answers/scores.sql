-- One row is one score of a partner; points in hundredths. $1 VARCHAR[]: published files of scores. $2 VARCHAR: the partner.
SELECT
    score_month, partner_name, solution_area, track,
    CAST(total_points * 100 AS BIGINT) AS total_points,
    qualifies,
    CAST(points_to_designation * 100 AS BIGINT) AS points_to_designation,
    blocking_metrics, rounding_sensitive, provisional, rulebook
FROM read_parquet($1, hive_partitioning = false)
WHERE partner_id = $2
ORDER BY score_month, solution_area;
