-- One row is one score as in the published table, without the month; filled by the program.
CREATE OR REPLACE TEMP TABLE score_row (
    partner_id VARCHAR, partner_name VARCHAR, solution_area VARCHAR, track VARCHAR,
    total_points DECIMAL(6, 2), net_customer_adds_points DECIMAL(6, 2), intermediate_certifications_points DECIMAL(6, 2),
    advanced_certifications_points DECIMAL(6, 2), usage_growth_points DECIMAL(6, 2), deployments_points DECIMAL(6, 2),
    qualifies BOOLEAN, points_to_designation DECIMAL(6, 2), blocking_metrics VARCHAR, rounding_sensitive BOOLEAN,
    provisional BOOLEAN, rulebook VARCHAR);
