-- Returns up to three rows whose completion or expiry is not a readable date. Columns: row in the file from 1, which column, the text.
SELECT file_row + 1 AS row, 'completed' AS canonical, completed_text AS value
FROM holding_row
WHERE completed IS NULL AND completed_text IS NOT NULL
UNION ALL
SELECT file_row + 1 AS row, 'expires' AS canonical, expires_text AS value
FROM holding_row
WHERE expires IS NULL AND expires_text IS NOT NULL
ORDER BY row, canonical, value
LIMIT 3;
