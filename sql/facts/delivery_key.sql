-- One row is one file × consumption key of some tenants: how many rows of usage the file has of it. The key is a hash of the row without its
-- amount. Credits, rows that are not usage and rows of another month are left out: a file of credits has the keys of the usage it credits.
-- Columns: number of the file, key, block (tenant and day) as a hash, day as a number, rows.
-- $1 DATE: first day of the month. $2 UBIGINT: one in so many tenants, by a hash of what is nearly guid and cheaper.
-- $3 BIGINT: where there are more rows than that, a part of the keys is returned, by their hash.
WITH counted AS (
    SELECT
        u.file,
        hash(
            u.usage_day, coalesce(u.location_id, ''), coalesce(u.global_id, ''), coalesce(u.association, ''), coalesce(u.offer_type, ''),
            coalesce(u.offer_id, ''), guid(u.customer_tenant_id), coalesce(guid(u.subscription_id), ''), coalesce(u.service_level_1, ''),
            coalesce(u.service_key, ''), coalesce(u.service_level_3, ''), coalesce(u.service_level_4, ''), coalesce(resource(u.resource_id), '')) AS key,
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
