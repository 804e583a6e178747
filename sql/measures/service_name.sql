-- One row is one service of a partner in the trailing twelve months: the spelling that is published, the smallest in byte order.
-- $1 VARCHAR[]: the facts files, $2 DATE: M-11.
CREATE OR REPLACE TEMP TABLE service_name AS
SELECT partner_id, service_key, min(service_level_2) AS service_level_2
FROM read_parquet($1)
WHERE usage_month >= CAST($2 AS DATE)
GROUP BY partner_id, service_key;
