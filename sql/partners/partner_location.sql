-- One row is one location id that the partners files know, the global account it rolls up to, and that account's name (NULL: none given).
-- A location without an account is its own; an id that is only named as an account is known too. An account's name is its
-- PGA_PartnerName, else the PartnerName of the row of the account itself; of several spellings the smallest in byte order.
CREATE OR REPLACE TABLE partner_location AS
WITH location AS (
    SELECT location_id, coalesce(min(global_id), location_id) AS partner_id
    FROM partner_row
    WHERE location_id IS NOT NULL
    GROUP BY location_id
    UNION ALL
    SELECT DISTINCT global_id AS location_id, global_id AS partner_id
    FROM partner_row
    WHERE global_id IS NOT NULL AND global_id NOT IN (SELECT location_id FROM partner_row WHERE location_id IS NOT NULL)
),
global_name AS (
    SELECT l.partner_id, min(r.global_name) AS name
    FROM partner_row AS r
    JOIN location AS l ON l.location_id = coalesce(r.global_id, r.location_id)
    GROUP BY l.partner_id
),
own_name AS (
    SELECT location_id AS partner_id, min(location_name) AS name
    FROM partner_row
    GROUP BY location_id
)
SELECT l.location_id, l.partner_id, coalesce(g.name, o.name) AS partner_name
FROM location AS l
LEFT JOIN global_name AS g ON g.partner_id = l.partner_id
LEFT JOIN own_name AS o ON o.partner_id = l.partner_id
ORDER BY l.location_id;
