-- Returns the rows of usage_raw by everything that is not the rest of their consumption key, for comparing two engines: how many there are, and the
-- sum of their amounts. $1 DATE: first day of the month.
SELECT
    usage_day BETWEEN CAST($1 AS DATE) AND last_day(CAST($1 AS DATE)) AS in_month, partner_location_id, association_type, customer_tenant_id,
    customer_name, service_level_2, sum(acr_usd) AS acr_usd, count(acr_usd) > 0 AS amount_read, sum(rows) AS rows
FROM usage_raw
GROUP BY ALL
ORDER BY ALL;
