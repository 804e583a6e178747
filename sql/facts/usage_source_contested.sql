-- One row is one row of the month's usage files: here those of the tenants that have a contested group.
CREATE OR REPLACE TEMP VIEW usage_source AS
SELECT r.* FROM usage_label AS r SEMI JOIN usage_contested_tenant AS t ON t.customer_tenant_id = r.customer_tenant_id;
