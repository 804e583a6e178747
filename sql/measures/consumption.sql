-- One row is one partner × tenant × service of the fourteen months: ACR in US dollars of the months and of the trailing twelve, NULL where
-- the window has no row (a sum of 0 is not the same as no row). The one pass over the facts.
-- $1 VARCHAR[]: the facts files, $2..$5 DATE: the months M, M-1, M-12, M-13, $6 DATE: M-11, the first of the trailing twelve.
CREATE OR REPLACE TEMP TABLE consumption AS
SELECT
    partner_id, customer_tenant_id, service_key,
    sum(acr_usd) FILTER (WHERE usage_month = CAST($2 AS DATE)) AS acr_current,
    sum(acr_usd) FILTER (WHERE usage_month = CAST($3 AS DATE)) AS acr_previous,
    sum(acr_usd) FILTER (WHERE usage_month = CAST($4 AS DATE)) AS acr_baseline,
    sum(acr_usd) FILTER (WHERE usage_month = CAST($5 AS DATE)) AS acr_baseline_previous,
    sum(acr_usd) FILTER (WHERE usage_month >= CAST($6 AS DATE)) AS acr_ttm
FROM read_parquet($1)
GROUP BY partner_id, customer_tenant_id, service_key;
