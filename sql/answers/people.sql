-- One row is one certification of one person of a partner, as the published steps ask for it: whether it counts in any of them, else why not.
-- $1 VARCHAR[]: the published file of certifications. $2 VARCHAR: the partner; '' means all.
SELECT
    partner_id, person_id, certification,
    bool_or(counted) AS counted,
    CASE WHEN bool_or(counted) THEN 'counted' ELSE min(reason) END AS reason
FROM read_parquet($1, hive_partitioning = false)
WHERE $2 = '' OR partner_id = $2
GROUP BY partner_id, person_id, certification
ORDER BY partner_id, person_id, certification;
