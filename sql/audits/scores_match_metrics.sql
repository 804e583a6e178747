-- Every score has its five metrics and the same points as they have.
WITH pivoted AS (
    SELECT
        partner_id, solution_area, count(*) AS metrics,
        max(points) FILTER (WHERE metric = 'net_customer_adds') AS net_customer_adds_points,
        max(points) FILTER (WHERE metric = 'intermediate_certifications') AS intermediate_certifications_points,
        max(points) FILTER (WHERE metric = 'advanced_certifications') AS advanced_certifications_points,
        max(points) FILTER (WHERE metric = 'usage_growth') AS usage_growth_points,
        max(points) FILTER (WHERE metric = 'deployments') AS deployments_points
    FROM staged_metrics
    GROUP BY partner_id, solution_area
)
SELECT partner_id, solution_area, p.metrics
FROM staged_scores AS s
FULL JOIN pivoted AS p USING (partner_id, solution_area)
WHERE p.metrics IS DISTINCT FROM 5
   OR s.total_points IS NULL
   OR s.net_customer_adds_points IS DISTINCT FROM p.net_customer_adds_points
   OR s.intermediate_certifications_points IS DISTINCT FROM p.intermediate_certifications_points
   OR s.advanced_certifications_points IS DISTINCT FROM p.advanced_certifications_points
   OR s.usage_growth_points IS DISTINCT FROM p.usage_growth_points
   OR s.deployments_points IS DISTINCT FROM p.deployments_points
LIMIT 3;
