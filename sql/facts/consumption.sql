-- The facts of one month, one row a partner × tenant × service, ordered by that key in byte order. $1: the file to write.
COPY (
    SELECT
        (SELECT path_month FROM usage_setting) AS usage_month,
        CAST(p.text AS VARCHAR) AS partner_id,
        CAST(t.text AS VARCHAR) AS customer_tenant_id,
        CAST(s.text AS VARCHAR) AS service_key,
        CAST(f.acr_usd AS DECIMAL(18, 6)) AS acr_usd
    FROM (SELECT partner, tenant, service, sum(acr_usd) AS acr_usd FROM usage_fact GROUP BY partner, tenant, service) AS f
    JOIN usage_text AS p ON p.code = f.partner
    JOIN usage_text AS t ON t.code = f.tenant
    JOIN usage_text AS s ON s.code = f.service
    ORDER BY p.place, t.place, s.place
) TO $1 (FORMAT parquet, PARQUET_VERSION v1, COMPRESSION zstd);
