-- Returns the most frequent labels of the month's usage that the rulebook does not name. Columns: kind (association or offer), the label's
-- smallest spelling, rows and readable amount in US dollars of all such labels of the kind. Blank labels are another matter, and so are rows
-- that are no usage. $1 INTEGER: how many labels of a kind are returned.
WITH usage AS (
    SELECT association_type, offer_type, count(*) AS rows, sum(acr_usd) AS acr_usd
    FROM usage_raw
    WHERE other_charge IS NULL
    GROUP BY association_type, offer_type
),
label AS (
    SELECT 'association' AS kind, association_type AS value, rows, acr_usd FROM usage
    UNION ALL
    SELECT 'offer' AS kind, offer_type AS value, rows, acr_usd FROM usage
),
unknown AS (
    SELECT kind, folded(value) AS label, min(squeezed(value)) AS spelling, sum(rows) AS rows, sum(acr_usd) AS acr_usd
    FROM label
    WHERE NOT blank(folded(value))
    GROUP BY kind, folded(value)
    HAVING (kind, folded(value)) NOT IN (SELECT (kind, folded(label)) FROM usage_known_label)
)
SELECT
    kind,
    left(spelling, 200) AS spelling,
    CAST(sum(rows) OVER (PARTITION BY kind) AS BIGINT) AS rows,
    coalesce(TRY_CAST(sum(acr_usd) OVER (PARTITION BY kind) AS DECIMAL(18, 6)), 0) AS acr_usd
FROM unknown AS u
QUALIFY row_number() OVER (PARTITION BY kind ORDER BY u.rows DESC, label) <= CAST($1 AS INTEGER)
ORDER BY kind, u.rows DESC, label;
