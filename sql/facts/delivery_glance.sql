-- As delivery_key, by what is cheap to read: without amounts, and by columns that have few values in a file, of which functions are worked out
-- once for each. Files whose rows by these keys are not those of two deliveries are not by all of the key either.
-- One row is one file × tenant, subscription, location, association, service and day: how many rows the file has of it. Columns and arguments are
-- those of delivery_key.
WITH counted AS (
    SELECT
        file,
        hash(
            usage_day, coalesce(location_id, ''), association, guid(customer_tenant_id), coalesce(guid(subscription_id), ''), service_key,
            coalesce(service_level_3, '')) AS key,
        hash(guid(customer_tenant_id), usage_day) AS block,
        usage_day - DATE '1970-01-01' AS day,
        count(*) AS rows
    FROM usage_label
    WHERE hash(guid(customer_tenant_id)) % CAST($2 AS UBIGINT) = 0 AND guid(customer_tenant_id) <> ''
        AND usage_day BETWEEN CAST($1 AS DATE) AND last_day(CAST($1 AS DATE))
    GROUP BY ALL
)
SELECT file, key, block, day, rows
FROM counted
WHERE key % CAST(1 + (SELECT count(*) FROM counted) // CAST($3 AS BIGINT) AS UBIGINT) = 0;
