-- One row counts the partners whose counting holdings differ from those of the first reading, holding_kept.
WITH counted AS (
    SELECT partner_id, solution_area, metric, step, person_id, certification FROM holding WHERE counted
),
difference AS (
    (SELECT * FROM counted EXCEPT SELECT * FROM holding_kept) UNION ALL (SELECT * FROM holding_kept EXCEPT SELECT * FROM counted)
)
SELECT count(DISTINCT partner_id) AS partners FROM difference;
