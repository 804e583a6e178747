-- How many partners have consumption alone, certifications alone, and both. Columns in this order.
WITH consumed AS (
    SELECT DISTINCT partner_id FROM customer_acr
),
certified AS (
    SELECT DISTINCT partner_id FROM holding_row WHERE partner_id IS NOT NULL
)
SELECT
    count(*) FILTER (WHERE c.partner_id IS NULL) AS consumption_alone,
    count(*) FILTER (WHERE u.partner_id IS NULL) AS certifications_alone,
    count(*) FILTER (WHERE u.partner_id IS NOT NULL AND c.partner_id IS NOT NULL) AS both_sides
FROM consumed AS u
FULL JOIN certified AS c ON c.partner_id = u.partner_id;
