-- One row says whether the dates of the current file have slashes, judged by its first rows. Reads the view dated: two texts a row, NULL where
-- there is no second.
SELECT coalesce(bool_or(contains(first_text, '/') OR contains(second_text, '/')), false) AS has_slash
FROM (SELECT first_text, second_text FROM dated LIMIT 2048);
