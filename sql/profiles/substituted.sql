-- Rows of the month's exports of cost for which the charged cost counts, since their list cost is zero or missing: how many there are, and what they
-- come to in US dollars as text, which a sum of any size fits.
SELECT count(*) AS rows, CAST(coalesce(sum(acr_usd), 0) AS VARCHAR) AS acr_usd
FROM usage_raw
WHERE substituted;
