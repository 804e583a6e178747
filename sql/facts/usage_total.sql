-- One row is one partner × tenant × service of the rows that count (reason NULL), or one reason of all rows that do not.
-- The one pass over every raw row. first/last location and priority show whether more than one attribution (location, association)
-- reports the consumption: only then can it be reported twice, so only those groups are read again.
CREATE OR REPLACE TEMP TABLE usage_total AS
SELECT
    reason,
    CASE WHEN reason IS NULL THEN partner_id END AS partner_id,
    CASE WHEN reason IS NULL THEN customer_tenant_id END AS customer_tenant_id,
    CASE WHEN reason IS NULL THEN service_key END AS service_key,
    min(service_level_2) AS service_level_2,
    min(customer_name) AS customer_name,
    min(customer_segment) AS customer_segment,
    sum(acr_usd) AS acr_usd,
    sum(rows) AS rows,
    min(location_id) AS first_location,
    max(location_id) AS last_location,
    min(priority) AS first_priority,
    max(priority) AS last_priority
FROM usage_classified
GROUP BY ALL;
