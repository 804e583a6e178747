-- A partner qualifies in an area exactly when no points are missing and no metric blocks it; missing points are never negative.
SELECT partner_id, solution_area, total_points, points_to_designation, blocking_metrics, qualifies
FROM staged_scores
WHERE qualifies <> (points_to_designation = 0 AND blocking_metrics = '') OR points_to_designation < 0
LIMIT 3;
