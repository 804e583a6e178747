-- One row is one holding of a partner's person, under the certification that its label names, in the order of all columns.
-- $1 VARCHAR[]: the cached holdings of a score month. $2 VARCHAR: the partner. $3 VARCHAR[]: labels of certifications, $4 VARCHAR[]: the
-- certification that each of them names.
WITH named AS (
    SELECT DISTINCT titled(label) AS label, certification
    FROM (SELECT unnest(CAST($3 AS VARCHAR[])) AS label, unnest(CAST($4 AS VARCHAR[])) AS certification)
)
SELECT h.person_id, n.certification, h.completed, h.expires, h.active
FROM read_parquet($1, hive_partitioning = false) AS h
JOIN named AS n ON n.label = h.label
WHERE h.partner_id = $2
ORDER BY h.person_id, n.certification, h.completed, h.expires, h.active;
