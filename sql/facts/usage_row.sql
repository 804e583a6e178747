-- One row is one row of the month's usage files: ids in the form in which they compare, labels folded, blank text ''.
CREATE OR REPLACE VIEW usage_row AS
SELECT
    usage_day,
    trimmed(partner_location_id) AS location_id,
    trimmed(partner_global_id) AS global_id,
    folded(association_type) AS association,
    folded(offer_type) AS offer_type,
    folded(offer_id) AS offer_id,
    guid(customer_tenant_id) AS customer_tenant_id,
    trimmed(customer_name) AS customer_name,
    folded(customer_segment) AS customer_segment,
    coalesce(guid(subscription_id), '') AS subscription_id,
    coalesce(folded(service_level_1), '') AS service_level_1,
    squeezed(service_level_2) AS service_level_2,
    folded(service_level_2) AS service_key,
    coalesce(folded(service_level_3), '') AS service_level_3,
    coalesce(folded(service_level_4), '') AS service_level_4,
    coalesce(lower(trimmed(resource_id)), '') AS resource_id,
    acr_usd,
    amount_text,
    month_text,
    file_row,
    path_month,
    partners_given,
    offer_required,
    unknown_service
FROM usage_raw CROSS JOIN usage_setting;
