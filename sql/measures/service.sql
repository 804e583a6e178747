-- One row is one partner × service with a row in the trailing twelve months: its ACR in US dollars over the whole customer base, the tenants
-- with more than 0 of it, and whether it counts as a deployment. $1 VARCHAR: the name of usage without a service.
CREATE OR REPLACE TEMP TABLE service AS
WITH used AS (
    SELECT service_hash, sum(acr_ttm) AS acr_ttm, count(*) FILTER (WHERE acr_ttm > 0) AS customers
    FROM consumption
    GROUP BY service_hash
)
SELECT
    n.partner_id, n.service_key, n.service_level_2, u.acr_ttm, u.customers,
    CASE
        WHEN n.service_key IN (SELECT service_key FROM rule_excluded_service) THEN 'excluded_service'
        WHEN n.service_key = folded(CAST($1 AS VARCHAR)) THEN 'unknown_service'
        WHEN u.acr_ttm <= 0 THEN 'not_positive'
        ELSE 'counted'
    END AS reason
FROM used AS u
JOIN service_name AS n ON n.service_hash = u.service_hash;
