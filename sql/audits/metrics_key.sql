-- Every key of metrics is unique.
SELECT score_month, partner_id, solution_area, metric, count(*) AS times
FROM staged_metrics
GROUP BY score_month, partner_id, solution_area, metric
HAVING count(*) > 1
LIMIT 3;
