-- One row is one row of the month's usage files: ids in the form in which they compare, labels folded, blank text ''.
CREATE OR REPLACE TEMP VIEW usage_row AS
SELECT
    u.* REPLACE (guid(u.customer_tenant_id) AS customer_tenant_id),
    s.path_month, s.partners_given, s.offer_required, s.unknown_service
FROM usage_source AS u CROSS JOIN usage_setting AS s;
