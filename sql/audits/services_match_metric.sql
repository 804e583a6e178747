-- The services listed as counted are those that deployments counts.
WITH listed AS (
    SELECT partner_id, count(*) FILTER (WHERE counted) AS counted FROM staged_services GROUP BY partner_id
)
SELECT m.partner_id, m.solution_area, m.measure, l.counted
FROM staged_metrics AS m
LEFT JOIN listed AS l ON l.partner_id = m.partner_id
WHERE m.metric = 'deployments' AND m.measure <> coalesce(l.counted, 0)
LIMIT 3;
