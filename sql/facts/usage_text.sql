-- One row is one text of the month that a number stands for in usage_total and in what follows from it: ids of partners, tenants and locations,
-- names, segments and services. place is its place in byte order.
CREATE OR REPLACE TEMP TABLE usage_text AS
SELECT coded(text) AS code, text, row_number() OVER (ORDER BY text) AS place
FROM (
    SELECT guid(customer_tenant_id) AS text FROM usage_spelling WHERE of_tenant
    UNION
    SELECT unnest([location_id, global_id, nullif(customer_name, ''), nullif(customer_segment, ''), service_level_2, lower(service_level_2)])
    FROM usage_spelling
    UNION
    SELECT partner_id FROM partner_location
    UNION
    SELECT unnest([unknown_service, lower(unknown_service)]) FROM usage_setting
);
