-- Returns ids of customers and of partners that tools (pandas, Excel, forms) write for a missing value, with their ACR of the trailing twelve
-- months in US dollars. Other statements handle NULL and texts for it. Columns: tenant or partner, the text, ACR.
WITH named AS (
    SELECT 'partner' AS kind, partner_id AS id, sum(acr_ttm) AS acr_ttm FROM customer_acr GROUP BY partner_id
    UNION ALL
    SELECT 'tenant' AS kind, customer_tenant_id AS id, acr_ttm FROM customer_acr WHERE strlen(customer_tenant_id) < 8
)
SELECT kind, lower(id) AS id, CAST(sum(acr_ttm) AS DECIMAL(18, 6)) AS acr_ttm
FROM named
WHERE regexp_full_match(lower(id), 'nan|nat|none|n/?a|#n/?a|<na>|undefined|-+|0+')
GROUP BY ALL
ORDER BY ALL;
