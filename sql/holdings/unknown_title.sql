-- One row is one title of the certification rows of known partners that names no certification that a step asks for, most frequent first: its
-- smallest spelling and its rows. $1 INTEGER: how many titles are returned.
SELECT min(h.title) AS title, count(*) AS rows
FROM holding_row AS h
ANTI JOIN rule_certification AS c ON c.label = h.label
WHERE h.partner_id IS NOT NULL AND h.label <> ''
GROUP BY h.label
ORDER BY rows DESC, title
LIMIT CAST($1 AS INTEGER);
