-- Returns up to three rows whose certification expires before it was completed, although the other order of day and month in a date with slashes
-- makes sense of both. Columns: row in the file from 1, which column, the text.
-- $1 VARCHAR: the order that the file was read by, 'mdy' or 'dmy'.
SELECT file_row + 1 AS row, 'expires' AS canonical, expires_text AS value
FROM holding_row
WHERE expires < completed
  AND (contains(expires_text, '/') OR contains(completed_text, '/'))
  AND CASE WHEN CAST($1 AS VARCHAR) = 'dmy'
           THEN day_of_text(expires_text, 'mdy') >= day_of_text(completed_text, 'mdy')
           ELSE day_of_text(expires_text, 'dmy') >= day_of_text(completed_text, 'dmy') END
ORDER BY row, value
LIMIT 3;
