-- Returns the sums over months that DECIMAL(18,6), the type of every published amount, cannot hold: of a partner, a tenant or a service.
-- Columns: the partner, or partner and service, but never the tenant; the largest of its sums in US dollars.
WITH partner_sum AS (
    SELECT partner_id AS sum_of, greatest(abs(sum(acr_current)), abs(sum(acr_baseline)), abs(sum(acr_ttm))) AS acr_usd
    FROM customer_acr
    GROUP BY partner_id
),
customer_sum AS (
    SELECT partner_id AS sum_of,
           greatest(abs(acr_current), abs(acr_previous), abs(acr_baseline), abs(acr_baseline_previous), abs(acr_ttm)) AS acr_usd
    FROM customer_acr
),
service_sum AS (
    SELECT n.partner_id || ' ' || n.service_level_2 AS sum_of, abs(sum(c.acr_ttm)) AS acr_usd
    FROM consumption AS c
    JOIN service_name AS n ON n.service_hash = c.service_hash
    GROUP BY n.partner_id, n.service_level_2
)
SELECT sum_of, CAST(acr_usd AS VARCHAR) AS acr_usd
FROM (SELECT * FROM partner_sum UNION ALL SELECT * FROM customer_sum UNION ALL SELECT * FROM service_sum)
WHERE acr_usd >= 1000000000000
ORDER BY sum_of
LIMIT 3;
