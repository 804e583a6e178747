-- The locations when there is no partners file: no rows.
CREATE OR REPLACE TABLE partner_location AS
SELECT CAST(NULL AS VARCHAR) AS location_id, CAST(NULL AS VARCHAR) AS partner_id, CAST(NULL AS VARCHAR) AS partner_name
WHERE false;
