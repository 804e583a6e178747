-- Writes the rows of some months of a usage file of many months, one folder a month: slice_month=2024-06-01.
-- One row is one row of the file, with the columns of the view and its number in the file.
-- Row groups are small, since one is held in memory for each month.
-- $1 VARCHAR: the folder to write to. $2 DATE: the month to use for rows whose month cannot be read. $3 DATE[]: the months.
COPY (
    SELECT
        * REPLACE (known_day(usage_day) AS usage_day),
        coalesce(CAST(date_trunc('month', known_day(usage_day)) AS DATE), CAST($2 AS DATE)) AS slice_month
    FROM undated_raw
    WHERE list_contains(CAST($3 AS DATE[]), coalesce(CAST(date_trunc('month', known_day(usage_day)) AS DATE), CAST($2 AS DATE)))
) TO $1 (FORMAT parquet, PARTITION_BY (slice_month), COMPRESSION zstd, ROW_GROUP_SIZE 20480);
