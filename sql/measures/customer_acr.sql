-- One row is one partner × tenant of the fourteen months with its ACR in US dollars, 0 where there is none.
-- active_current, active_ttm: whether it has a row in M, in the trailing twelve.
CREATE OR REPLACE TEMP TABLE customer_acr AS
SELECT
    partner_id, customer_tenant_id,
    coalesce(sum(acr_current), 0) AS acr_current,
    coalesce(sum(acr_previous), 0) AS acr_previous,
    coalesce(sum(acr_baseline), 0) AS acr_baseline,
    coalesce(sum(acr_baseline_previous), 0) AS acr_baseline_previous,
    coalesce(sum(acr_ttm), 0) AS acr_ttm,
    count(acr_current) > 0 AS active_current,
    count(acr_ttm) > 0 AS active_ttm
FROM consumption
GROUP BY partner_id, customer_tenant_id;
