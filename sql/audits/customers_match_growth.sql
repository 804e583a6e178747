-- The ACR of the customers adds up to the ACR that usage growth compares, where it had the data.
WITH listed AS (
    SELECT partner_id, sum(acr_current) AS acr_current, sum(acr_baseline) AS acr_baseline FROM staged_customers GROUP BY partner_id
)
SELECT m.partner_id, m.solution_area, m.current_value, l.acr_current, m.baseline_value, l.acr_baseline
FROM staged_metrics AS m
LEFT JOIN listed AS l ON l.partner_id = m.partner_id
WHERE m.metric = 'usage_growth'
  AND (m.current_value <> coalesce(l.acr_current, 0) OR m.baseline_value <> coalesce(l.acr_baseline, 0))
LIMIT 3;
