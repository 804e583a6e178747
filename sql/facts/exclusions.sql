-- One row is one reason for which rows of the month do not count: class, reason, rows, their readable amount in US dollars.
WITH excluded AS (
    SELECT reason, sum(rows) AS rows, sum(acr_usd) AS acr_usd
    FROM usage_total
    WHERE reason IS NOT NULL
    GROUP BY reason
    UNION ALL
    SELECT 'duplicate_attribution' AS reason, sum(rows) AS rows, sum(acr_usd) AS acr_usd
    FROM usage_duplicate
    HAVING count(*) > 0
)
SELECT
    CASE WHEN reason IN ('association_not_eligible', 'offer_not_eligible', 'duplicate_attribution') THEN 'rule' ELSE 'data' END AS class,
    reason,
    CAST(rows AS BIGINT) AS rows,
    CAST(coalesce(acr_usd, 0) AS DECIMAL(18, 6)) AS acr_usd
FROM excluded
ORDER BY class, reason;
