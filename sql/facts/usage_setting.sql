-- The one row of settings that hold for the month being read.
-- $1 DATE: the month of the path, which every row must carry. $2 BOOLEAN: a partners file is given, so that unknown locations are bad data.
-- $3 BOOLEAN: a row without an offer is bad data. $4 VARCHAR: the name under which usage without a service is published.
CREATE OR REPLACE TEMP TABLE usage_setting AS
SELECT CAST($1 AS DATE) AS path_month, CAST($2 AS BOOLEAN) AS partners_given,
       CAST($3 AS BOOLEAN) AS offer_required, CAST($4 AS VARCHAR) AS unknown_service;
