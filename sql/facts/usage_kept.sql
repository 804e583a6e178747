-- One row is one contested partner × tenant × service under one spelling, of the rows that deduplication leaves. Every group keeps a row: each key
-- has one winning attribution.
CREATE OR REPLACE TEMP TABLE usage_kept AS
WITH kept AS (
    SELECT contest, spelling, name, segment, sum(acr_usd) AS acr_usd
    FROM usage_reported
    ANTI JOIN usage_duplicate USING (contest, consumption_key, location, priority)
    GROUP BY contest, spelling, name, segment
)
SELECT c.partner, c.tenant, c.service, k.spelling, k.name, k.segment, k.acr_usd
FROM kept AS k
JOIN usage_contested AS c ON c.contest = k.contest;
