-- One row is one file × consumption key of the month: how many rows of usage the file has of it. The key is all of a row but its amount, as a hash.
-- Rows that take back, that are no usage or are of another month are left out: a file of credits has the keys of what it takes back.
-- Columns: number of the file, key, block (tenant and day) as a hash, day as a number, rows.
-- $1 DATE: first day of the month. $2 UBIGINT: one in so many tenants is looked at. $3: one in so many keys once there are more than that.
WITH counted AS (
    SELECT
        file,
        hash(
            usage_day, coalesce(location_id, ''), coalesce(global_id, ''), coalesce(association, ''), coalesce(offer_type, ''),
            coalesce(offer_id, ''), guid(customer_tenant_id), coalesce(guid(subscription_id), ''), coalesce(service_level_1, ''),
            coalesce(service_key, ''), coalesce(service_level_3, ''), coalesce(service_level_4, ''), coalesce(resource(resource_id), '')) AS key,
        hash(guid(customer_tenant_id), usage_day) AS block,
        usage_day - DATE '1970-01-01' AS day,
        count(*) AS rows
    FROM usage_label
    WHERE hash(guid(customer_tenant_id)) % CAST($2 AS UBIGINT) = 0 AND guid(customer_tenant_id) <> ''
        AND usage_day BETWEEN CAST($1 AS DATE) AND last_day(CAST($1 AS DATE)) AND other_charge IS NULL AND acr_usd > 0
    GROUP BY ALL
)
SELECT file, key, block, day, rows
FROM counted
WHERE key % CAST(1 + (SELECT count(*) FROM counted) // CAST($3 AS BIGINT) AS UBIGINT) = 0;
