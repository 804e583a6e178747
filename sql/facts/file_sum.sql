-- The readable amounts of the usage file that is visible, in US dollars, as text: two files with another sum do not hold the same rows.
SELECT CAST(coalesce(sum(acr_usd), 0) AS VARCHAR) AS acr_usd
FROM usage_raw;
