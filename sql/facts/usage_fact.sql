-- One row is one partner × tenant × service of the month under one spelling: what counts, each consumption once.
CREATE OR REPLACE TEMP TABLE usage_fact AS
SELECT partner, tenant, service, spelling, name, segment, acr_usd
FROM usage_total
ANTI JOIN usage_contested USING (partner, tenant, service)
WHERE reason IS NULL
UNION ALL
SELECT partner, tenant, service, spelling, name, segment, acr_usd
FROM usage_kept;
