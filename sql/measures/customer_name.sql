-- One row is one partner × tenant of the fourteen months: the smallest spelling of its name, and its segment in the last month that has one.
-- $1 VARCHAR[]: the files of facts about customers.
CREATE OR REPLACE TEMP TABLE customer_name AS
SELECT
    partner_id, customer_tenant_id,
    min(customer_name) AS customer_name,
    max_by(customer_segment, usage_month) FILTER (WHERE customer_segment IS NOT NULL) AS customer_segment
FROM read_parquet($1)
GROUP BY partner_id, customer_tenant_id;
