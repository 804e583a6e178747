-- The people listed as counted in the last step of a skilling metric are those that the metric counts. The list
-- shows which step is the last only when it has people; with an empty list the measure must be 0.
WITH listed AS (
    SELECT partner_id, solution_area, metric, step, count(DISTINCT person_id) AS people
    FROM staged_certifications
    WHERE counted
    GROUP BY partner_id, solution_area, metric, step
)
SELECT m.partner_id, m.solution_area, m.metric, m.measure
FROM staged_metrics AS m
WHERE m.metric IN ('intermediate_certifications', 'advanced_certifications')
  AND m.measure > 0
  AND NOT EXISTS (
    SELECT 1
    FROM listed AS l
    WHERE l.partner_id = m.partner_id AND l.solution_area = m.solution_area AND l.metric = m.metric AND l.people = m.measure)
LIMIT 3;
