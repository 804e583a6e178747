-- One row is one partner that is scored (it has consumption in the fourteen months, or a certification row): what decides its track, and its
-- name. Columns: partner, name, ACR of the trailing twelve months, customers and SMB customers of them, and of M.
SELECT
    p.partner_id,
    (SELECT min(l.partner_name) FROM partner_location AS l WHERE l.partner_id = p.partner_id) AS partner_name,
    CAST(coalesce(sum(c.acr_ttm), 0) AS DECIMAL(18, 6)) AS acr_ttm,
    count(*) FILTER (WHERE c.active_ttm) AS customers_ttm,
    count(*) FILTER (WHERE c.active_ttm AND s.segment IS NOT NULL) AS smb_customers_ttm,
    count(*) FILTER (WHERE c.active_current) AS customers_month,
    count(*) FILTER (WHERE c.active_current AND s.segment IS NOT NULL) AS smb_customers_month
FROM (
    SELECT partner_id FROM customer_acr
    UNION
    SELECT partner_id FROM holding_row WHERE partner_id IS NOT NULL
) AS p
LEFT JOIN customer_acr AS c ON c.partner_id = p.partner_id
LEFT JOIN rule_smb_segment AS s ON s.segment = c.customer_segment
GROUP BY p.partner_id
ORDER BY p.partner_id;
