-- Returns the tenants and subscriptions of usage_raw that several attributions report, for comparing two engines: of rows that were grouped only these
-- have a subscription.
SELECT guid(customer_tenant_id) AS tenant, guid(subscription_id) AS subscription
FROM usage_raw
WHERE subscription_id IS NOT NULL
GROUP BY ALL
HAVING count(DISTINCT (partner_location_id, association_type)) > 1
ORDER BY ALL;
