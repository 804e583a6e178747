-- Returns the partners whose ACR over the trailing twelve months or in M, M-12 DECIMAL(18,6), the type of every published amount, cannot hold.
SELECT partner_id, CAST(sum(acr_ttm) AS VARCHAR) AS acr_ttm
FROM customer_acr
GROUP BY partner_id
HAVING greatest(abs(sum(acr_ttm)), abs(sum(acr_current)), abs(sum(acr_baseline)), max(abs(acr_ttm)), max(abs(acr_previous)),
                max(abs(acr_baseline_previous))) >= 1000000000000
ORDER BY partner_id
LIMIT 3;
