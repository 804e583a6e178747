-- One row is one partner × tenant with rows that count: the smallest spelling of its name and of its segment. $1: the file to write.
COPY (
    SELECT
        (SELECT path_month FROM usage_setting) AS usage_month,
        CAST(p.text AS VARCHAR) AS partner_id,
        CAST(t.text AS VARCHAR) AS customer_tenant_id,
        CAST(min(n.text) AS VARCHAR) AS customer_name,
        CAST(min(s.text) AS VARCHAR) AS customer_segment
    FROM (SELECT DISTINCT partner, tenant, name, segment FROM usage_fact) AS f
    JOIN usage_text AS p ON p.code = f.partner
    JOIN usage_text AS t ON t.code = f.tenant
    JOIN usage_text AS n ON n.code = f.name
    JOIN usage_text AS s ON s.code = f.segment
    GROUP BY p.text, t.text
    ORDER BY partner_id, customer_tenant_id
) TO $1 (FORMAT parquet, PARQUET_VERSION v1, COMPRESSION zstd);
