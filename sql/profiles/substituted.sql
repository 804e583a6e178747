-- One row counts the rows of the month's exports of cost for which the charged cost counts, because their list cost is zero or missing, and adds up
-- their US dollars, as text so that a sum of any size fits.
SELECT count(*) AS rows, CAST(coalesce(sum(acr_usd), 0) AS VARCHAR) AS acr_usd
FROM usage_raw
WHERE substituted;
