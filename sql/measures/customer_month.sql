-- One row is one partner × tenant with a row in M, M-1, M-12 or M-13, and its ACR in US dollars of each, NULL where there is no row.
-- $1 VARCHAR[]: the facts files of these months, $2 INTEGER: the salt of the hash, $3..$6 DATE: M, M-1, M-12, M-13.
CREATE OR REPLACE TEMP TABLE customer_month AS
SELECT
    hash($2, partner_id, customer_tenant_id) AS customer_hash,
    sum(acr_usd) FILTER (WHERE usage_month = CAST($3 AS DATE)) AS acr_current,
    sum(acr_usd) FILTER (WHERE usage_month = CAST($4 AS DATE)) AS acr_previous,
    sum(acr_usd) FILTER (WHERE usage_month = CAST($5 AS DATE)) AS acr_baseline,
    sum(acr_usd) FILTER (WHERE usage_month = CAST($6 AS DATE)) AS acr_baseline_previous
FROM read_parquet($1)
GROUP BY customer_hash;
