-- One row counts the certification rows that belong to no known partner and are left out.
SELECT count(*) AS rows FROM holding_row WHERE partner_id IS NULL;
