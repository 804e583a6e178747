-- One row is one partner × tenant with rows that count: the smallest spelling of its name and of its segment. $1: the file to write.
COPY (
    SELECT
        (SELECT path_month FROM usage_setting) AS usage_month,
        CAST(partner_id AS VARCHAR) AS partner_id,
        CAST(customer_tenant_id AS VARCHAR) AS customer_tenant_id,
        CAST(min(customer_name) AS VARCHAR) AS customer_name,
        CAST(min(customer_segment) AS VARCHAR) AS customer_segment
    FROM usage_fact
    GROUP BY partner_id, customer_tenant_id
    ORDER BY partner_id, customer_tenant_id
) TO $1 (FORMAT parquet, PARQUET_VERSION v1, COMPRESSION zstd);
