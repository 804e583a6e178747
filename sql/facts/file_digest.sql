-- A number that stands for the rows of the usage file that is visible, in whatever order and format they are: for a warning, not for a result.
SELECT CAST(coalesce(sum(CAST(hash(
    usage_day, coalesce(location_id, ''), coalesce(global_id, ''), coalesce(association, ''), coalesce(offer_type, ''), coalesce(offer_id, ''),
    coalesce(guid(customer_tenant_id), ''), coalesce(guid(subscription_id), ''), coalesce(service_level_1, ''), coalesce(service_key, ''),
    coalesce(service_level_3, ''), coalesce(service_level_4, ''), coalesce(resource(resource_id), ''), acr_usd) AS HUGEINT)), 0) AS VARCHAR) AS digest
FROM usage_label;
