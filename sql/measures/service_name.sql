-- One row is one service of a partner in the trailing twelve months: the spelling that is published, the smallest in byte order.
-- service_hash replaces the two keys in the wide grouping. $1 VARCHAR[]: the files of facts about services, of M-11..M.
-- $2 INTEGER: the salt of the hash.
CREATE OR REPLACE TEMP TABLE service_name AS
SELECT partner_id, service_key, hash($2, partner_id, service_key) AS service_hash, min(service_level_2) AS service_level_2
FROM read_parquet($1)
GROUP BY partner_id, service_key;
