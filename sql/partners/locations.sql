-- One row is one location id of the partners files and the global account it rolls up to.
SELECT location_id, partner_id FROM partner_location ORDER BY location_id;
