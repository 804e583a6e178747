-- One row is one holding of a partner's person that a step asks for, in the order of the published key.
-- $1 VARCHAR[]: the published file of certifications. $2 VARCHAR: the partner.
SELECT solution_area, metric, step, person_id, certification, completed, expires, counted, reason
FROM read_parquet($1, hive_partitioning = false)
WHERE partner_id = $2
ORDER BY solution_area, metric, step, person_id, certification;
