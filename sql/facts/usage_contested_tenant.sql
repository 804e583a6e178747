-- One row is one tenant of a contested group, spelled as in the files, so that the rows to read again are found by comparing raw text.
CREATE OR REPLACE TEMP TABLE usage_contested_tenant AS
SELECT customer_tenant_id
FROM (SELECT DISTINCT customer_tenant_id FROM usage_raw)
WHERE guid(customer_tenant_id) IN (SELECT customer_tenant_id FROM usage_contested);
