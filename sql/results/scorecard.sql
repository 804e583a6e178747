-- One row is one metric of one score of a published month, by partner in byte order, areas and metrics in the programme's order.
-- Reads the views published_scores and published_metrics.
SELECT
    s.partner_id, s.partner_name, s.track, s.solution_area, s.total_points, s.points_to_designation, s.qualifies, s.rounding_sensitive,
    s.blocking_metrics, m.metric, m.points, m.max_points, m.status, m.reason
FROM published_scores AS s
JOIN published_metrics AS m ON m.partner_id = s.partner_id AND m.solution_area = s.solution_area
ORDER BY
    s.partner_id,
    list_position(['data_ai', 'infrastructure', 'digital_app_innovation'], s.solution_area),
    list_position(['net_customer_adds', 'intermediate_certifications', 'advanced_certifications', 'usage_growth', 'deployments'], m.metric);
