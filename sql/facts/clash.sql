-- Returns numbers that stand for two texts of the month, which would be taken for one.
SELECT code
FROM usage_text
GROUP BY code
HAVING count(*) > 1
LIMIT 3;
