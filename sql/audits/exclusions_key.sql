-- Every key of exclusions is unique.
SELECT score_month, usage_month, class, reason, count(*) AS times
FROM staged_exclusions
GROUP BY score_month, usage_month, class, reason
HAVING count(*) > 1
LIMIT 3;
