-- One row counts the certification rows without a certification id and e-mail, which are left out.
SELECT count(*) AS rows FROM holding_row WHERE person_key IS NULL AND partner_id IS NOT NULL;
