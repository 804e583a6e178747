-- For Spark. One row is a tenant and a subscription of the month, as the files spell them, whose rows have several attributions. It is computed once and
-- kept by the server until the month is grouped: each slice of a large month asks for it.
CACHE TABLE usage_contested AS
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
)
SELECT customer_tenant_id, subscription_id, true AS contested
FROM compared
WHERE first_attribution < last_attribution;
