-- Returns the file columns in which an id of the partners files is an e-mail address, which would be published as a partner or its location.
-- Columns: canonical column, rows.
SELECT unnest(['partner_location_id', 'partner_global_id']) AS canonical,
       unnest([count(*) FILTER (WHERE contains(location_id, '@')), count(*) FILTER (WHERE contains(global_id, '@'))]) AS rows
FROM partner_row;
