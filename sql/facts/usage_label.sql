-- One row is one row of the month's usage files with its labels folded; blank text is ''. Plain functions of one column each: the engine
-- works once per distinct value of a dictionary-encoded column. What is nearly unique to a row is left for usage_row.
CREATE OR REPLACE TEMP VIEW usage_label AS
SELECT
    usage_day,
    trimmed(partner_location_id) AS location_id,
    trimmed(partner_global_id) AS global_id,
    folded(association_type) AS association,
    folded(offer_type) AS offer_type,
    folded(offer_id) AS offer_id,
    customer_tenant_id,
    trimmed(customer_name) AS customer_name,
    folded(customer_segment) AS customer_segment,
    subscription_id,
    folded(service_level_1) AS service_level_1,
    squeezed(service_level_2) AS service_level_2,
    folded(service_level_2) AS service_key,
    folded(service_level_3) AS service_level_3,
    folded(service_level_4) AS service_level_4,
    resource_id,
    acr_usd,
    amount_text,
    month_text,
    file_row
FROM usage_raw;
