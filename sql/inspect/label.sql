-- One row is one label of the month's usage files, most frequent first: kind, its smallest spelling (blank: ''), rows, and how the rulebook
-- reads it: priority of the association (NULL: it does not count), class of the offer (NULL: it counts), whether it is an excluded
-- service, whether it means that the service is unknown; and how many labels its kind has.
-- $1: kinds of more values than this are left out. $2: how many labels of a kind are returned.
WITH label AS (
    SELECT kind, coalesce(folded(value), '') AS label, min(coalesce(squeezed(value), '')) AS spelling, sum(rows) AS rows
    FROM label_value
    WHERE kind IN (SELECT kind FROM label_value GROUP BY kind HAVING count(*) <= CAST($1 AS BIGINT))
    GROUP BY kind, coalesce(folded(value), '')
)
SELECT
    l.kind,
    left(l.spelling, 200) AS spelling,
    CAST(l.rows AS BIGINT) AS rows,
    a.priority,
    o.class,
    x.service_key IS NOT NULL AS excluded_service,
    l.kind = 'service' AND (l.label = '' OR l.label = lower(s.unknown_service)) AS no_service,
    count(*) OVER (PARTITION BY l.kind) AS labels
FROM label AS l
CROSS JOIN usage_setting AS s
LEFT JOIN rule_association AS a ON l.kind = 'association' AND a.label = l.label
LEFT JOIN rule_offer AS o ON l.kind = 'offer' AND o.label = l.label
LEFT JOIN rule_excluded_service AS x ON l.kind = 'service' AND x.service_key = l.label
QUALIFY row_number() OVER (PARTITION BY l.kind ORDER BY l.rows DESC, l.label) <= CAST($2 AS BIGINT)
ORDER BY l.kind, l.rows DESC, l.label;
