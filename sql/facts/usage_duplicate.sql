-- One row is one duplicate attribution of a consumption key, which does not count. The rows of a key under one attribution (a usage row and its
-- credit) are summed; the attribution with the largest |sum| is kept, ties by priority, then by the smallest location id in byte order.
CREATE OR REPLACE TEMP TABLE usage_duplicate AS
WITH attribution AS (
    SELECT contest, consumption_key, location_id, priority, sum(acr_usd) AS acr_usd, sum(rows) AS rows
    FROM usage_reported
    GROUP BY contest, consumption_key, location_id, priority
)
SELECT *
FROM attribution
QUALIFY row_number() OVER (PARTITION BY contest, consumption_key ORDER BY abs(acr_usd) DESC, priority, location_id) > 1;
