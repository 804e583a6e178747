-- One row is one partner × tenant × service of the rows that count (reason NULL) under one spelling of the tenant's name and segment and of the
-- service, or one reason of all rows that do not. Texts are numbers of usage_text.
-- The one pass over every raw row. first/last location and priority show whether more than one attribution (location, association)
-- reports the consumption: only then can it be reported twice, so only those groups are read again.
CREATE OR REPLACE TEMP TABLE usage_total AS
SELECT
    reason,
    CASE WHEN reason IS NULL THEN coded(partner_id) END AS partner,
    CASE WHEN reason IS NULL THEN coded(customer_tenant_id) END AS tenant,
    CASE WHEN reason IS NULL THEN coded(service_key) END AS service,
    CASE WHEN reason IS NULL THEN coded(service_level_2) END AS spelling,
    CASE WHEN reason IS NULL THEN coded(customer_name) END AS name,
    CASE WHEN reason IS NULL THEN coded(customer_segment) END AS segment,
    sum(acr_usd) AS acr_usd,
    sum(rows) AS rows,
    min(coded(location_id)) AS first_location,
    max(coded(location_id)) AS last_location,
    min(priority) AS first_priority,
    max(priority) AS last_priority
FROM usage_classified
GROUP BY ALL;
