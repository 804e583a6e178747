-- For months of few rows: one pass returns what delivery_key, delivery_amount and rows return, amounts included.
-- One row is one file × row of usage of the month: how often the file has it.
-- Columns: number of the file, the hashes of the key, of the amount and of the whole row, whether it is usage and no credit, block, day, rows.
-- $1 DATE: first day of the month.
SELECT
    file,
    hash(
        usage_day, coalesce(location_id, ''), coalesce(global_id, ''), coalesce(association, ''), coalesce(offer_type, ''),
        coalesce(offer_id, ''), guid(customer_tenant_id), coalesce(guid(subscription_id), ''), coalesce(service_level_1, ''),
        coalesce(service_key, ''), coalesce(service_level_3, ''), coalesce(service_level_4, ''), coalesce(resource(resource_id), '')) AS key,
    hash(
        usage_day, coalesce(location_id, ''), coalesce(global_id, ''), coalesce(association, ''), guid(customer_tenant_id), acr_usd) AS amount,
    hash(key, acr_usd) AS row,
    coalesce(customer_tenant_id, '') <> '' AND acr_usd > 0 AS used,
    hash(guid(customer_tenant_id), usage_day) AS block,
    usage_day - DATE '1970-01-01' AS day,
    count(*) AS rows
FROM usage_label
WHERE usage_day BETWEEN CAST($1 AS DATE) AND last_day(CAST($1 AS DATE)) AND not_usage_reason IS NULL AND acr_usd <> 0
GROUP BY ALL;
