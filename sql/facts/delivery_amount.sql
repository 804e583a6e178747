-- Like delivery_key, but the key is the amount instead of what was used: a delivery in which services, resources or
-- subscriptions were renamed has different keys, but the same amounts of the same customers.
-- One row is one file × amount of some tenants: how many rows of usage the file has of it. Columns and arguments are those of delivery_key.
WITH counted AS (
    SELECT
        u.file,
        hash(
            u.usage_day, coalesce(u.location_id, ''), coalesce(u.global_id, ''), coalesce(u.association, ''), guid(u.customer_tenant_id),
            u.acr_usd) AS key,
        hash(guid(u.customer_tenant_id), u.usage_day) AS block,
        u.usage_day - DATE '1970-01-01' AS day,
        count(*) AS rows
    FROM usage_label AS u
    WHERE hash(CASE WHEN ascii(u.customer_tenant_id) BETWEEN 48 AND 122 THEN lower(u.customer_tenant_id) ELSE guid(u.customer_tenant_id) END)
            % CAST($2 AS UBIGINT) = 0
        AND u.customer_tenant_id <> '' AND u.usage_day BETWEEN CAST($1 AS DATE) AND last_day(CAST($1 AS DATE)) AND u.not_usage_reason IS NULL AND u.acr_usd > 0
    GROUP BY ALL
)
SELECT file, key, block, day, rows
FROM counted
WHERE key % CAST(1 + (SELECT count(*) FROM counted) // CAST($3 AS BIGINT) AS UBIGINT) = 0;
