-- Every key of certifications is unique.
SELECT score_month, partner_id, solution_area, metric, step, person_id, certification, count(*) AS times
FROM staged_certifications
GROUP BY score_month, partner_id, solution_area, metric, step, person_id, certification
HAVING count(*) > 1
LIMIT 3;
