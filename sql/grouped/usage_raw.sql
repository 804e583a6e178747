-- One row is some rows of the month's usage files that another engine has grouped (rows: how many), as a row of usage. Their amounts were added up
-- (sum_usd), but for those that only the macros can read: these are the same in all rows of a group. Rows that no other attribution can report
-- (alone) are grouped without the rest of their consumption key; in its place they have their own attribution, so that none is a duplicate of another.
CREATE OR REPLACE TEMP VIEW usage_raw AS
SELECT
    * REPLACE (
        CASE WHEN alone THEN concat(chr(57344), partner_location_id, chr(57344), association_type) ELSE resource_id END AS resource_id,
        coalesce(sum_usd, CAST(acr_usd * rows AS DECIMAL(38, 6))) AS acr_usd)
FROM usage_grouped;
