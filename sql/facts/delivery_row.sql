-- One row is one file × row of usage of the month, amount and all, as a hash: how often the file has it. For months of few rows, whose keys are too
-- few to tell. Columns and first argument are those of delivery_key.
SELECT
    file,
    hash(
        usage_day, coalesce(location_id, ''), coalesce(global_id, ''), coalesce(association, ''), coalesce(offer_type, ''),
        coalesce(offer_id, ''), guid(customer_tenant_id), coalesce(guid(subscription_id), ''), coalesce(service_level_1, ''),
        coalesce(service_key, ''), coalesce(service_level_3, ''), coalesce(service_level_4, ''), coalesce(resource(resource_id), ''), acr_usd) AS key,
    hash(guid(customer_tenant_id), usage_day) AS block,
    usage_day - DATE '1970-01-01' AS day,
    count(*) AS rows
FROM usage_label
WHERE usage_day BETWEEN CAST($1 AS DATE) AND last_day(CAST($1 AS DATE)) AND other_charge IS NULL AND acr_usd <> 0
GROUP BY ALL;
