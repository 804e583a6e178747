-- Returns, for each reason for which rows of one file are bad data, up to three of these rows, of one value not more than one.
-- Columns: reason, number of the row in the file from 1 (NULL in text files whose rows have none), the value that is at fault as it stands there.
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
    FROM usage_judged
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
