-- One row is one row of the month's usage files: ids in the form in which they compare, labels folded, blank text ''.
-- key_rest are the parts of the consumption key besides partner, tenant and service: subscription, service levels 1, 3, 4 and resource,
-- where one blank part equals another, with a separator that stands in no label.
CREATE OR REPLACE TEMP VIEW usage_row AS
SELECT
    u.* REPLACE (guid(u.customer_tenant_id) AS customer_tenant_id),
    concat_ws(chr(31), coalesce(guid(u.subscription_id), ''), coalesce(u.service_level_1, ''), coalesce(u.service_level_3, ''),
              coalesce(u.service_level_4, ''), coalesce(resource(u.resource_id), '')) AS key_rest,
    s.path_month, s.partners_given, s.offer_required, s.unknown_service
FROM usage_source AS u CROSS JOIN usage_setting AS s;
