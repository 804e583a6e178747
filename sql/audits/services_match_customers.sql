-- Services and customers split the same twelve months of consumption.
WITH by_service AS (
    SELECT partner_id, sum(acr_ttm) AS acr_ttm FROM staged_services GROUP BY partner_id
),
by_customer AS (
    SELECT partner_id, sum(acr_ttm) AS acr_ttm FROM staged_customers GROUP BY partner_id
)
SELECT partner_id, s.acr_ttm AS of_services, c.acr_ttm AS of_customers
FROM by_service AS s
FULL JOIN by_customer AS c USING (partner_id)
WHERE coalesce(s.acr_ttm, 0) <> coalesce(c.acr_ttm, 0)
LIMIT 3;
