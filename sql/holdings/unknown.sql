-- One row counts the certification rows that belong to no known partner and are left out.
-- first_location: the smallest of their ids that is a number, as location ids are; other text may be a person's in a shifted row.
SELECT count(*) AS rows, min(known_by) FILTER (WHERE regexp_full_match(known_by, '[0-9]+')) AS first_location
FROM holding_row
WHERE partner_id IS NULL;
