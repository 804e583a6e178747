-- One row counts the certification rows that belong to no known partner and are left out.
SELECT count(*) AS rows, min(known_by) AS first_location FROM holding_row WHERE partner_id IS NULL;
