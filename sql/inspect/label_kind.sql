-- One row is one kind of label: how many different values it has.
SELECT kind, count(*) AS label_values FROM label_value GROUP BY kind ORDER BY kind;
