-- One row is one duplicate attribution of a consumption key, which does not count. The rows of a key under one attribution (a usage row and its
-- credit) are summed; the attribution with the largest |sum| is kept, ties by priority, then by the smallest location id in byte order.
-- Keys of one attribution, often most of a contested group, are left out before anything is sorted.
CREATE OR REPLACE TEMP TABLE usage_duplicate AS
WITH doubled AS MATERIALIZED (
    SELECT contest, consumption_key
    FROM usage_reported
    GROUP BY contest, consumption_key
    HAVING min(location) <> max(location) OR min(priority) <> max(priority)
),
attribution AS (
    SELECT contest, consumption_key, location, priority, sum(acr_usd) AS acr_usd, sum(rows) AS rows
    FROM usage_reported
    SEMI JOIN doubled USING (contest, consumption_key)
    GROUP BY contest, consumption_key, location, priority
)
SELECT a.*
FROM attribution AS a
JOIN usage_text AS t ON t.code = a.location
QUALIFY row_number() OVER (PARTITION BY contest, consumption_key ORDER BY abs(acr_usd) DESC, priority, t.place) > 1;
