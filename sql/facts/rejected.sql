-- Returns up to three rows of one file that are bad data for one reason. $1 VARCHAR: the reason.
-- Columns: number of the row in the file from 1 (NULL in text files), the value that is at fault as it stands there.
SELECT
    file_row + 1 AS row,
    CASE CAST($1 AS VARCHAR)
        WHEN 'missing_tenant' THEN customer_tenant_id
        WHEN 'unknown_location' THEN location_id
        WHEN 'bad_amount' THEN amount_text
        WHEN 'bad_month' THEN month_text
        WHEN 'wrong_month' THEN month_text
    END AS value
FROM usage_judged
WHERE reason = CAST($1 AS VARCHAR)
ORDER BY row
LIMIT 3;
