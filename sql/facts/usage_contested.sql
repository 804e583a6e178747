-- One row is one partner × tenant × service that more than one attribution reports, with a number that identifies it.
-- $1 BOOLEAN: of several attributions one counts; otherwise every one does, and no row stands here.
CREATE OR REPLACE TEMP TABLE usage_contested AS
SELECT row_number() OVER () AS contest, partner_id, customer_tenant_id, service_key
FROM usage_total
WHERE CAST($1 AS BOOLEAN) AND reason IS NULL AND (first_location <> last_location OR first_priority <> last_priority);
