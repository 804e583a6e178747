-- The facts of one month, one row a partner × tenant × service, ordered by that key. $1: the file to write.
COPY (
    SELECT
        (SELECT path_month FROM usage_setting) AS usage_month,
        CAST(partner_id AS VARCHAR) AS partner_id,
        CAST(customer_tenant_id AS VARCHAR) AS customer_tenant_id,
        CAST(service_key AS VARCHAR) AS service_key,
        CAST(acr_usd AS DECIMAL(18, 6)) AS acr_usd
    FROM usage_fact
    ORDER BY partner_id, customer_tenant_id, service_key
) TO $1 (FORMAT parquet, PARQUET_VERSION v1, COMPRESSION zstd);
