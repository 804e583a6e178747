-- One row is one location id of the month's rows and the partner it rolls up to by the partners file (NULL: unknown there).
-- When a later partners file maps these locations to the same partners, the facts of the month are reused.
SELECT u.location_id, p.partner_id
FROM (SELECT DISTINCT location_id FROM usage_spelling) AS u
LEFT JOIN partner_location AS p ON p.location_id = u.location_id
WHERE NOT blank(u.location_id)
ORDER BY u.location_id;
