-- One row counts the rows of the certifications files: all, those of type certification, and of these those that are active.
SELECT (SELECT count(*) FROM holding_raw) AS rows, count(*) AS certifications, count(*) FILTER (WHERE active) AS active
FROM holding_row;
