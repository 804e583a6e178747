-- One row is one partner × tenant × service with a row in the trailing twelve months, and its ACR of them in US dollars. It is the one
-- wide grouping behind the facts, so it compares hashes and sums nothing else.
-- $1 VARCHAR[]: the facts files of M-11..M. $2 INTEGER: the salt of the hashes.
CREATE OR REPLACE TEMP TABLE consumption AS
SELECT
    hash($2, partner_id, customer_tenant_id) AS customer_hash,
    hash($2, partner_id, service_key) AS service_hash,
    sum(acr_usd) AS acr_ttm
FROM read_parquet($1)
GROUP BY customer_hash, service_hash;
