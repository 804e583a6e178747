-- One row is one training type of the certifications files, most frequent first: its smallest spelling (blank: ''), rows, whether rows of it
-- are certifications, how many types there are. $1: how many types are returned.
SELECT
    left(min(coalesce(squeezed(certification_type), '')), 200) AS spelling,
    count(*) AS rows,
    coalesce(folded(certification_type), '') IN (SELECT folded(label) FROM holding_label WHERE kind = 'type') AS certification,
    count(*) OVER () AS types
FROM holding_raw
GROUP BY coalesce(folded(certification_type), '')
ORDER BY rows DESC, spelling
LIMIT CAST($1 AS BIGINT);
