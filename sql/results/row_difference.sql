-- Returns the rows that only one of the views published and recomputed has; no rows when the two are equal.
(SELECT 'published' AS only_in, * FROM published EXCEPT ALL SELECT 'published', * FROM recomputed)
UNION ALL
(SELECT 'recomputed' AS only_in, * FROM recomputed EXCEPT ALL SELECT 'recomputed', * FROM published)
LIMIT 3;
