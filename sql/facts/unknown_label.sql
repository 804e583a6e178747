-- Returns labels of the month's usage, the most frequent of each kind: associations and offers that the rulebook does not name, and
-- all customer segments, which only the choice of tracks can interpret. Columns: kind (association, offer or segment), the label's smallest spelling,
-- rows and readable amount in US dollars: of all such labels of the kind, of a segment its own. Blank labels and rows that are not usage
-- are left out. $1 INTEGER: how many labels of a kind are returned. $2 INTEGER: how many segments.
WITH usage AS (
    SELECT association_type, offer_type, customer_segment, sum(rows) AS rows, sum(acr_usd) AS acr_usd
    FROM usage_raw
    WHERE not_usage_reason IS NULL
    GROUP BY association_type, offer_type, customer_segment
),
label AS (
    SELECT 'association' AS kind, association_type AS value, rows, acr_usd FROM usage
    UNION ALL
    SELECT 'offer' AS kind, offer_type AS value, rows, acr_usd FROM usage
    UNION ALL
    SELECT 'segment' AS kind, customer_segment AS value, rows, acr_usd FROM usage
),
named AS (
    SELECT kind, folded(value) AS label, min(squeezed(value)) AS spelling, sum(rows) AS rows, sum(acr_usd) AS acr_usd
    FROM label
    GROUP BY kind, folded(value)
    -- With a sum in it: else the engine tests each row of the month before it groups them.
    HAVING CASE WHEN sum(rows) > 0 THEN NOT blank(folded(value)) END
        AND (kind, folded(value)) NOT IN (SELECT (kind, folded(label)) FROM usage_known_label)
)
SELECT
    kind,
    left(spelling, 200) AS spelling,
    CAST(CASE WHEN kind = 'segment' THEN n.rows ELSE sum(rows) OVER (PARTITION BY kind) END AS BIGINT) AS rows,
    coalesce(TRY_CAST(CASE WHEN kind = 'segment' THEN n.acr_usd ELSE sum(acr_usd) OVER (PARTITION BY kind) END AS DECIMAL(18, 6)), 0) AS acr_usd
FROM named AS n
QUALIFY row_number() OVER (PARTITION BY kind ORDER BY n.rows DESC, label) <= CASE WHEN kind = 'segment' THEN CAST($2 AS INTEGER) ELSE CAST($1 AS INTEGER) END
ORDER BY kind, n.rows DESC, label;
