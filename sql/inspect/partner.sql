-- How many locations the partners files know, and to how many accounts these roll up.
SELECT count(*) AS locations, count(DISTINCT partner_id) AS accounts FROM partner_location;
