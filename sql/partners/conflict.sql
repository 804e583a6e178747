-- Returns the locations for which the partners files name more than one global account (PGA): such files cannot be used.
-- Columns: location, the first two accounts in byte order.
SELECT location_id, min(global_id) AS first_global_id, max(global_id) AS last_global_id
FROM partner_row
WHERE location_id IS NOT NULL
GROUP BY location_id
HAVING min(global_id) <> max(global_id)
ORDER BY location_id
LIMIT 3;
