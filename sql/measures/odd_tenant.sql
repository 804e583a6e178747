-- Customers whose tenant id is no GUID, as tenant ids of Microsoft are: how many, and their ACR of the trailing twelve months in US dollars.
SELECT count(DISTINCT customer_tenant_id) AS tenants, CAST(coalesce(sum(acr_ttm), 0) AS DECIMAL(18, 6)) AS acr_ttm
FROM customer_acr
WHERE NOT regexp_full_match(customer_tenant_id, '[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}');
