-- Every partner is scored in the three areas.
SELECT partner_id, count(*) AS areas
FROM staged_scores
GROUP BY partner_id
HAVING count(*) <> 3
LIMIT 3;
