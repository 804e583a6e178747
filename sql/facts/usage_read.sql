-- One row is one row of the month's usage files, as usage_raw shows it: for months of few rows, which are quicker to copy than to plan again for
-- every statement that reads the files.
CREATE OR REPLACE TEMP TABLE usage_read AS
SELECT * FROM usage_raw;
