-- Like delivery_key, but with a key that is cheap to read: without amounts, subscriptions and resources, which may differ in every row. Files that
-- do not look like two deliveries by this key do not look like it by the whole key either.
-- One row is one file × tenant, location, association, service and day: how many rows the file has of it. Columns and arguments are those of
-- delivery_key.
WITH counted AS (
    SELECT
        u.file,
        hash(
            u.usage_day, coalesce(u.location_id, ''), coalesce(u.association, ''), guid(u.customer_tenant_id), coalesce(u.service_key, ''),
            coalesce(u.service_level_3, ''), coalesce(u.service_level_4, '')) AS key,
        hash(guid(u.customer_tenant_id), u.usage_day) AS block,
        u.usage_day - DATE '1970-01-01' AS day,
        count(*) AS rows
    FROM usage_label AS u
    WHERE hash(CASE WHEN ascii(u.customer_tenant_id) BETWEEN 48 AND 122 THEN lower(u.customer_tenant_id) ELSE guid(u.customer_tenant_id) END)
            % CAST($2 AS UBIGINT) = 0
        AND u.customer_tenant_id <> '' AND u.usage_day BETWEEN CAST($1 AS DATE) AND last_day(CAST($1 AS DATE))
    GROUP BY ALL
)
SELECT file, key, block, day, rows
FROM counted
WHERE key % CAST(1 + (SELECT count(*) FROM counted) // CAST($3 AS BIGINT) AS UBIGINT) = 0;
