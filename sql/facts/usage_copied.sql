-- One row is one row of the month's usage files, from the copy in usage_read.
CREATE OR REPLACE TEMP VIEW usage_raw AS
SELECT * FROM usage_read;
