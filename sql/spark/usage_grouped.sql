-- For Spark. One row is some rows of the month's usage files with the same labels, as the files spell them: rows says how many, sum_usd is the sum of
-- their amounts in US dollars. Labels are folded later, by the macros of DuckDB, where few rows are left.
-- Consumption can be reported twice only where rows of one tenant and subscription have several attributions (usage_contested). Those rows have the
-- whole consumption key; all others are alone, and are grouped without it.
-- Amounts that are not read here exactly as DuckDB reads them are not added up: each different one (amount) makes a row of its own, without sum_usd.
WITH usage_row AS (
    SELECT
        u.usage_day, u.partner_location_id, u.partner_global_id, u.association_type, u.customer_tenant_id, u.customer_name, u.customer_segment,
        u.service_level_2, u.offer_type, u.offer_id,
        c.contested IS NULL AS alone,
        CASE WHEN c.contested THEN u.subscription_id END AS subscription_id,
        CASE WHEN c.contested THEN u.service_level_1 END AS service_level_1,
        CASE WHEN c.contested THEN u.service_level_3 END AS service_level_3,
        CASE WHEN c.contested THEN u.service_level_4 END AS service_level_4,
        CASE WHEN c.contested THEN u.resource_id END AS resource_id,
        u.amount, u.micros, u.micros IS NOT NULL AS summed
    FROM usage_part AS u
    LEFT JOIN usage_contested AS c ON c.customer_tenant_id <=> u.customer_tenant_id AND c.subscription_id <=> u.subscription_id
)
SELECT
    usage_day, partner_location_id, partner_global_id, association_type, customer_tenant_id, customer_name, customer_segment, service_level_2,
    offer_type, offer_id, alone, subscription_id, service_level_1, service_level_3, service_level_4, resource_id, amount, summed,
    CAST(CAST(try_sum(micros) AS DECIMAL(38, 0)) * 0.000001 AS DECIMAL(38, 6)) AS sum_usd,
    count(*) AS rows
FROM usage_row
GROUP BY
    usage_day, partner_location_id, partner_global_id, association_type, customer_tenant_id, customer_name, customer_segment, service_level_2,
    offer_type, offer_id, alone, subscription_id, service_level_1, service_level_3, service_level_4, resource_id, amount, summed;
