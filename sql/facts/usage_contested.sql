-- One row is one partner × tenant × service that more than one attribution reports, as the hash of the three. A hash only narrows down
-- what is read again: equal groups have equal hashes, so none is missed, and a chance meeting of two costs nothing but time.
CREATE OR REPLACE TEMP TABLE usage_contested AS
SELECT DISTINCT hash(partner_id, customer_tenant_id, service_key) AS group_hash
FROM usage_total
WHERE reason IS NULL AND (first_location <> last_location OR first_priority <> last_priority);
