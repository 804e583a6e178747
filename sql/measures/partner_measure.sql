-- One row is one scored partner with the measures of its usage metrics. Columns: partner, eligible customers now and in the baseline,
-- ACR in US dollars of M, M-12 and the trailing twelve months, services that count. A partner without usage has zeros.
WITH customers AS (
    SELECT
        partner_id,
        count(*) FILTER (WHERE eligible) AS eligible,
        count(*) FILTER (WHERE eligible_baseline) AS eligible_baseline,
        sum(acr_current) AS acr_current,
        sum(acr_baseline) AS acr_baseline,
        sum(acr_ttm) AS acr_ttm
    FROM customer
    GROUP BY partner_id
),
services AS (
    SELECT partner_id, count(*) AS counted FROM service WHERE reason = 'counted' GROUP BY partner_id
)
SELECT
    t.partner_id,
    coalesce(c.eligible, 0) AS eligible,
    coalesce(c.eligible_baseline, 0) AS eligible_baseline,
    CAST(coalesce(c.acr_current, 0) AS DECIMAL(18, 6)) AS acr_current,
    CAST(coalesce(c.acr_baseline, 0) AS DECIMAL(18, 6)) AS acr_baseline,
    CAST(coalesce(c.acr_ttm, 0) AS DECIMAL(18, 6)) AS acr_ttm,
    coalesce(s.counted, 0) AS counted_services
FROM partner_track AS t
LEFT JOIN customers AS c ON c.partner_id = t.partner_id
LEFT JOIN services AS s ON s.partner_id = t.partner_id
ORDER BY t.partner_id;
