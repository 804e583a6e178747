-- One row is one segment (NULL: none) of the open customers of partners whose track depends on them, and how many customers have it, most
-- first. $1 BOOLEAN: true when the track depends on the customers of M, false when on those of the trailing twelve months.
SELECT c.customer_segment, count(*) AS customers
FROM customer_acr AS c
JOIN partner_track AS t ON t.partner_id = c.partner_id
ANTI JOIN segment_size AS s ON s.segment = c.customer_segment
WHERE t.open AND CASE WHEN CAST($1 AS BOOLEAN) THEN c.active_current ELSE c.active_ttm END
GROUP BY c.customer_segment
ORDER BY customers DESC, c.customer_segment;
