-- Returns numbers that stand for two texts of the month, which some ten thousand million texts are needed for: they would be taken for one.
SELECT code
FROM usage_text
GROUP BY code
HAVING count(*) > 1
LIMIT 3;
