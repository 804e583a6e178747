-- Every key of services is unique.
SELECT score_month, partner_id, service_level_2, count(*) AS times
FROM staged_services
GROUP BY score_month, partner_id, service_level_2
HAVING count(*) > 1
LIMIT 3;
