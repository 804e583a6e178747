-- One row counts the certification rows without a known partner, which are left out.
-- first_location: the smallest of their numeric ids. Location ids are numbers; other text may be personal data in a shifted row.
SELECT count(*) AS rows, min(known_by) FILTER (WHERE regexp_full_match(known_by, '[0-9]+')) AS first_location
FROM holding_row
WHERE partner_id IS NULL;
