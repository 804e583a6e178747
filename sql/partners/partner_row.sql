-- One row is one row of the partners files: ids trimmed, blank text NULL.
CREATE OR REPLACE TEMP VIEW partner_row AS
SELECT
    nullif(identified(partner_location_id), '') AS location_id,
    nullif(identified(partner_global_id), '') AS global_id,
    nullif(trimmed(partner_name), '') AS location_name,
    nullif(trimmed(partner_global_name), '') AS global_name
FROM partner_raw;
