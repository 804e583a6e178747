-- Points are between 0 and the metric's maximum; a metric that does not apply has neither.
SELECT partner_id, solution_area, metric, points, max_points
FROM staged_metrics
WHERE CASE WHEN applicable THEN points IS NULL OR max_points IS NULL OR points < 0 OR points > max_points
           ELSE points IS NOT NULL OR max_points IS NOT NULL END
LIMIT 3;
