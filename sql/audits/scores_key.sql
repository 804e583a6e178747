-- Every key of scores is unique.
SELECT score_month, partner_id, solution_area, count(*) AS times
FROM staged_scores
GROUP BY score_month, partner_id, solution_area
HAVING count(*) > 1
LIMIT 3;
