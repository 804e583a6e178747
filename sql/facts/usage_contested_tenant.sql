-- One row is one tenant of a contested group, spelled as in the files, so that the rows to read again are found by comparing raw text.
CREATE OR REPLACE TEMP TABLE usage_contested_tenant AS
SELECT customer_tenant_id
FROM usage_spelling
WHERE of_tenant AND coded(guid(customer_tenant_id)) IN (SELECT tenant FROM usage_contested);
