-- A total is the sum of its metrics.
SELECT partner_id, solution_area, total_points
FROM staged_scores
WHERE total_points <> net_customer_adds_points + intermediate_certifications_points + coalesce(advanced_certifications_points, 0)
                    + usage_growth_points + deployments_points
LIMIT 3;
