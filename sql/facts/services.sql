-- How the month's rows that count spell each service of a partner: the smallest spelling in byte order. $1: the file to write.
COPY (
    SELECT
        CAST(partner_id AS VARCHAR) AS partner_id,
        CAST(service_key AS VARCHAR) AS service_key,
        CAST(min(service_level_2) AS VARCHAR) AS service_level_2
    FROM usage_fact
    GROUP BY partner_id, service_key
    ORDER BY partner_id, service_key
) TO $1 (FORMAT parquet, PARQUET_VERSION v1, COMPRESSION zstd);
