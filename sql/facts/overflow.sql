-- Returns the sums of the month that DECIMAL(18,6), the type of every published amount, cannot hold. Columns: partner, tenant, sum in US dollars.
SELECT partner_id, customer_tenant_id, CAST(acr_usd AS VARCHAR) AS acr_usd
FROM usage_fact
WHERE abs(acr_usd) >= 1000000000000
ORDER BY partner_id, customer_tenant_id
LIMIT 3;
