-- The eligible customers listed are those that net customer adds counts, where it had the data to count them.
WITH listed AS (
    SELECT partner_id, count(*) FILTER (WHERE eligible) AS eligible, count(*) FILTER (WHERE eligible_baseline) AS eligible_baseline
    FROM staged_customers
    GROUP BY partner_id
)
SELECT m.partner_id, m.solution_area, m.current_value, l.eligible, m.baseline_value, l.eligible_baseline
FROM staged_metrics AS m
LEFT JOIN listed AS l ON l.partner_id = m.partner_id
WHERE m.metric = 'net_customer_adds'
  AND (m.current_value <> coalesce(l.eligible, 0) OR m.baseline_value <> coalesce(l.eligible_baseline, 0)
       OR m.measure <> m.current_value - m.baseline_value)
LIMIT 3;
