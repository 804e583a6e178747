-- One row is one text and the form in which it compares as a label. $1 VARCHAR[]: the texts.
SELECT label, folded(label) AS key
FROM (SELECT unnest(CAST($1 AS VARCHAR[])) AS label);
