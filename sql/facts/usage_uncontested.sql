-- No rows: what usage_reported is in a month without contested groups, of which no row has to be read again.
CREATE OR REPLACE TEMP TABLE usage_reported AS
SELECT
    CAST(NULL AS INTEGER) AS contest, CAST(NULL AS UHUGEINT) AS consumption_key, CAST(NULL AS UBIGINT) AS location,
    CAST(NULL AS INTEGER) AS priority, CAST(NULL AS UBIGINT) AS spelling, CAST(NULL AS UBIGINT) AS name, CAST(NULL AS UBIGINT) AS segment,
    CAST(NULL AS DECIMAL(18, 6)) AS acr_usd, CAST(NULL AS BIGINT) AS rows
WHERE false;
