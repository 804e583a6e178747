-- One row is one partner that is scored (it has consumption in the fourteen months, or a certification row): what decides its track, and its
-- name. Columns: partner, name, ACR of the trailing twelve months, its customers, its SMB customers, and its open
-- customers (of unknown size).
-- $1 BOOLEAN: true for the customers of M, false for those of the trailing twelve months.
WITH sized AS (
    SELECT
        c.partner_id, c.acr_ttm, s.smb,
        CASE WHEN CAST($1 AS BOOLEAN) THEN c.active_current ELSE c.active_ttm END AS active
    FROM customer_acr AS c
    LEFT JOIN segment_size AS s ON s.segment = c.customer_segment
)
SELECT
    p.partner_id,
    (SELECT min(l.partner_name) FROM partner_location AS l WHERE l.partner_id = p.partner_id) AS partner_name,
    CAST(coalesce(sum(c.acr_ttm), 0) AS DECIMAL(18, 6)) AS acr_ttm,
    count(*) FILTER (WHERE c.active) AS customers,
    count(*) FILTER (WHERE c.active AND c.smb) AS smb_customers,
    count(*) FILTER (WHERE c.active AND c.smb IS NULL) AS open_customers
FROM (
    SELECT partner_id FROM customer_acr
    UNION
    SELECT partner_id FROM holding_row WHERE partner_id IS NOT NULL
) AS p
LEFT JOIN sized AS c ON c.partner_id = p.partner_id
GROUP BY p.partner_id
ORDER BY p.partner_id;
