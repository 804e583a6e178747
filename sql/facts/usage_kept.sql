-- One row is one contested partner × tenant × service, of the rows that deduplication leaves. Every group keeps a row: each key has one
-- winning attribution.
CREATE OR REPLACE TEMP TABLE usage_kept AS
WITH kept AS (
    SELECT
        contest,
        min(service_level_2) AS service_level_2,
        min(customer_name) AS customer_name,
        min(customer_segment) AS customer_segment,
        sum(acr_usd) AS acr_usd
    FROM usage_reported
    ANTI JOIN usage_duplicate USING (contest, consumption_key, location_id, priority)
    GROUP BY contest
)
SELECT
    c.partner_id, c.customer_tenant_id, c.service_key,
    k.service_level_2, k.customer_name, k.customer_segment, k.acr_usd
FROM kept AS k
JOIN usage_contested AS c ON c.contest = k.contest;
