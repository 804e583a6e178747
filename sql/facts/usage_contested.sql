-- One row is one partner × tenant × service that more than one attribution reports, with a number that identifies it.
-- $1 BOOLEAN: of several attributions one counts; otherwise every one does, and no row stands here.
CREATE OR REPLACE TEMP TABLE usage_contested AS
SELECT CAST(row_number() OVER () AS INTEGER) AS contest, partner, tenant, service
FROM usage_total
WHERE CAST($1 AS BOOLEAN) AND reason IS NULL
GROUP BY partner, tenant, service
HAVING min(first_location) <> max(last_location) OR min(first_priority) <> max(last_priority);
