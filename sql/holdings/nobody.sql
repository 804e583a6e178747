-- One row counts the certification rows that name no person, by certification id or e-mail: they count for nobody.
SELECT count(*) AS rows FROM holding_row WHERE person_key IS NULL AND partner_id IS NOT NULL;
