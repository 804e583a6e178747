-- How the month's rows that count spell each service of a partner: the smallest spelling in byte order. $1: the file to write.
COPY (
    SELECT
        CAST(p.text AS VARCHAR) AS partner_id,
        CAST(k.text AS VARCHAR) AS service_key,
        CAST(min(s.text) AS VARCHAR) AS service_level_2
    FROM (SELECT DISTINCT partner, service, spelling FROM usage_fact) AS f
    JOIN usage_text AS p ON p.code = f.partner
    JOIN usage_text AS k ON k.code = f.service
    JOIN usage_text AS s ON s.code = f.spelling
    GROUP BY p.text, k.text
    ORDER BY partner_id, service_key
) TO $1 (FORMAT parquet, PARQUET_VERSION v1, COMPRESSION zstd);
