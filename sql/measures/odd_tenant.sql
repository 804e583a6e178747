-- Customers whose tenant id is a text that tools write where there is none (pandas, Excel, databases): how many, and their ACR of the trailing
-- twelve months in US dollars.
SELECT count(DISTINCT customer_tenant_id) AS tenants, CAST(coalesce(sum(acr_ttm), 0) AS DECIMAL(18, 6)) AS acr_ttm
FROM customer_acr
WHERE regexp_full_match(customer_tenant_id, 'nan|none|null|n/?a|#n/?a|<na>|\\n|\(null\)|unknown|-+');
