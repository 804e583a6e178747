-- One row is one partner × tenant of the fourteen months with its ACR in US dollars, 0 when it has no rows.
-- active_current, active_ttm: whether it has a row in M, in the trailing twelve.
CREATE OR REPLACE TEMP TABLE customer_acr AS
WITH twelve_months AS (
    SELECT customer_hash, sum(acr_ttm) AS acr_ttm FROM consumption GROUP BY customer_hash
)
SELECT
    n.partner_id, n.customer_tenant_id, n.customer_name, n.customer_segment,
    coalesce(m.acr_current, 0) AS acr_current,
    coalesce(m.acr_previous, 0) AS acr_previous,
    coalesce(m.acr_baseline, 0) AS acr_baseline,
    coalesce(m.acr_baseline_previous, 0) AS acr_baseline_previous,
    coalesce(t.acr_ttm, 0) AS acr_ttm,
    m.acr_current IS NOT NULL AS active_current,
    t.acr_ttm IS NOT NULL AS active_ttm
FROM customer_name AS n
LEFT JOIN twelve_months AS t ON t.customer_hash = n.customer_hash
LEFT JOIN customer_month AS m ON m.customer_hash = n.customer_hash;
