-- One row is one value of one column of the month's usage files: the tenant as the files spell it, or a text in the form in which it is published.
-- The other columns are NULL there. A grouping set for each column, so that files are read once: those of text cost the same whatever is read.
CREATE OR REPLACE TEMP TABLE usage_spelling AS
SELECT
    grouping(customer_tenant_id) = 0 AS of_tenant, customer_tenant_id, location_id, global_id, customer_name, customer_segment, service_level_2
FROM usage_label
GROUP BY GROUPING SETS ((customer_tenant_id), (location_id), (global_id), (customer_name), (customer_segment), (service_level_2));
