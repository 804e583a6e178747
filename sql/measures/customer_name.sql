-- One row is one partner × tenant of the fourteen months: the smallest spelling of its name, and its segment in the last month that has one.
-- customer_hash replaces the two ids in the wide groupings, which then compare numbers; hash_clash checks that no two customers share one.
-- $1 VARCHAR[]: the files of facts about customers. $2 INTEGER: the salt of the hash.
CREATE OR REPLACE TEMP TABLE customer_name AS
SELECT
    partner_id, customer_tenant_id,
    hash($2, partner_id, customer_tenant_id) AS customer_hash,
    min(customer_name) AS customer_name,
    max_by(customer_segment, usage_month) FILTER (WHERE customer_segment IS NOT NULL) AS customer_segment
FROM read_parquet($1)
GROUP BY partner_id, customer_tenant_id;
