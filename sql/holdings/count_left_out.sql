-- One row counts the rows of the certifications files: all, the certifications, and the active certifications.
SELECT (SELECT count(*) FROM holding_raw) AS rows, count(*) AS certifications, count(*) FILTER (WHERE active) AS active
FROM holding_row;
