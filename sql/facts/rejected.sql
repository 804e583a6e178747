-- Returns up to three rows of one file for each reason of bad data, each with a different value.
-- Columns: reason, number of the row in the file from 1 (NULL in text files whose rows have none), the bad value as the file has it.
WITH rejected AS (
    SELECT
        reason,
        file_row + 1 AS row,
        CASE reason
            WHEN 'missing_tenant' THEN customer_tenant_id
            WHEN 'missing_partner' THEN CASE WHEN contains(location_id, '@') THEN location_id WHEN contains(global_id, '@') THEN global_id END
            WHEN 'unknown_location' THEN location_id
            WHEN 'bad_amount' THEN amount_text
            WHEN 'bad_month' THEN month_text
            WHEN 'wrong_month' THEN month_text
        END AS value
    FROM usage_classified
    WHERE reason NOT IN ('association_not_eligible', 'offer_not_eligible')
),
fault AS (
    SELECT reason, value, min(row) AS row
    FROM rejected
    GROUP BY reason, value, CASE WHEN blank(trimmed(value)) THEN row END
),
example AS (
    SELECT reason, unnest(min({'row': row, 'value': value}, 3)) AS first
    FROM fault
    GROUP BY reason
)
SELECT reason, first.row AS row, first.value AS value
FROM example
ORDER BY reason, row, value;
