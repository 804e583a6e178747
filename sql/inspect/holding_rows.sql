-- How many rows of the certifications files are certifications.
SELECT count(*) AS rows FROM holding_row;
