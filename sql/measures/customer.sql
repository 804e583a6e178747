-- One row is one partner × tenant of the fourteen months: eligible when M or M-1, each on its own, reaches the threshold of the track.
CREATE OR REPLACE TEMP TABLE customer AS
SELECT
    c.partner_id, c.customer_tenant_id, c.customer_name,
    c.acr_current, c.acr_previous, c.acr_baseline, c.acr_baseline_previous, c.acr_ttm,
    greatest(c.acr_current, c.acr_previous) >= t.threshold_usd AS eligible,
    greatest(c.acr_baseline, c.acr_baseline_previous) >= t.threshold_usd AS eligible_baseline,
    t.threshold_usd - greatest(c.acr_current, c.acr_previous) AS shortfall_usd
FROM customer_acr AS c
JOIN partner_track AS t ON t.partner_id = c.partner_id;
