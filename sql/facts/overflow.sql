-- Returns the sums of the month that DECIMAL(18,6), the type of every published amount, cannot hold: of a partner × tenant × service, or of
-- the rows left out for a reason. Columns: the partner, who may be named where the tenant may not, or the reason; the sum in US dollars.
SELECT p.text AS sum_of, CAST(sum(f.acr_usd) AS VARCHAR) AS acr_usd
FROM usage_fact AS f
JOIN usage_text AS p ON p.code = f.partner
GROUP BY p.text, f.tenant, f.service
HAVING abs(sum(f.acr_usd)) >= 1000000000000
UNION ALL
SELECT reason AS sum_of, CAST(sum(acr_usd) AS VARCHAR) AS acr_usd
FROM usage_total
WHERE reason IS NOT NULL
GROUP BY reason
HAVING abs(sum(acr_usd)) >= 1000000000000
UNION ALL
SELECT 'duplicate_attribution' AS sum_of, CAST(sum(acr_usd) AS VARCHAR) AS acr_usd
FROM usage_duplicate
HAVING abs(sum(acr_usd)) >= 1000000000000
ORDER BY sum_of
LIMIT 3;
