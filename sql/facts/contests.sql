-- One row: how many groups of the month are contested.
SELECT count(*) AS contests FROM usage_contested;
