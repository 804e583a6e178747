-- For Spark. One row is some rows of the month's usage files with the same labels, as the files spell them: rows says how many, sum_usd is the sum of
-- their amounts in US dollars. Labels are folded later, by the macros of DuckDB, where few rows are left.
-- Consumption can be reported twice only where rows of one tenant and subscription have several attributions. Those rows have the whole consumption
-- key; all others are alone, and are grouped without it.
-- Amounts that are not read here exactly as DuckDB reads them are not added up: each different one (amount) makes a row of its own, without sum_usd.
WITH spelling AS (
    SELECT customer_tenant_id, subscription_id, min(attribution) AS first_attribution, max(attribution) AS last_attribution
    FROM usage_key
    GROUP BY customer_tenant_id, subscription_id
),
-- Spellings that DuckDB folds to the same id have the same letters here; some others may have them, too, which costs time only.
-- U+212A and U+0130 are the only letters beyond ASCII whose lower case is ASCII.
folded AS (
    SELECT
        *,
        lower(regexp_replace(translate(coalesce(customer_tenant_id, ''), '\u212A\u0130', 'ki'), '[^0-9A-Za-z]', '')) AS tenant,
        lower(regexp_replace(translate(coalesce(subscription_id, ''), '\u212A\u0130', 'ki'), '[^0-9A-Za-z]', '')) AS subscription
    FROM spelling
),
compared AS (
    SELECT
        customer_tenant_id, subscription_id,
        min(first_attribution) OVER (PARTITION BY tenant, subscription) AS first_attribution,
        max(last_attribution) OVER (PARTITION BY tenant, subscription) AS last_attribution
    FROM folded
),
contested AS (
    SELECT customer_tenant_id, subscription_id, true AS contested
    FROM compared
    WHERE first_attribution < last_attribution
),
usage_row AS (
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
    LEFT JOIN contested AS c ON c.customer_tenant_id <=> u.customer_tenant_id AND c.subscription_id <=> u.subscription_id
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
