-- One row is one row of the month's usage files, as usage_raw shows it. Months of few rows are copied: that is faster than planning a read of the
-- files for every statement.
CREATE OR REPLACE TEMP TABLE usage_read AS
SELECT * FROM usage_raw;
