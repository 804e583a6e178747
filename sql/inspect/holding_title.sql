-- One row is one title of the certification rows, most frequent first: its smallest spelling (blank: ''), rows, the certification of the
-- rulebook that it names (NULL: none that a metric asks for), how many titles there are. $1: how many titles are returned.
WITH named AS (
    SELECT label, min(certification) AS certification FROM rule_certification GROUP BY label
)
SELECT
    left(min(coalesce(h.title, '')), 200) AS spelling,
    count(*) AS rows,
    min(n.certification) AS certification,
    count(*) OVER () AS titles
FROM holding_row AS h
LEFT JOIN named AS n ON n.label = h.label
GROUP BY coalesce(h.label, '')
ORDER BY rows DESC, spelling
LIMIT CAST($1 AS BIGINT);
