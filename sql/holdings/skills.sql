-- One row is one step of a metric of an area: the distinct people of a partner who satisfy it.
SELECT partner_id, solution_area, metric, step, CAST(count(DISTINCT person_id) AS BIGINT) AS people
FROM holding
WHERE counted
GROUP BY partner_id, solution_area, metric, step
ORDER BY partner_id, solution_area, metric, step;
